import { Component, inject, signal } from '@angular/core';
import { form, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Api, type Schemas, answer } from '../../core/api';
import { Problem } from '../../core/problem';
import { wallClock, wallDate, wallTime } from '../../core/zone';
import { Failure } from '../../ui/failure';
import { TextField } from '../../ui/text-field';

type Detail = Schemas['CallbackDetail'];

/** Moves a callback to another time; a full slot offers its nearest free neighbours. */
@Component({
  selector: 'cm-reschedule',
  imports: [Failure, MatButton, MatDialogModule, TextField],
  template: `
    <h2 mat-dialog-title>Move to another time</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content class="stack">
        <cm-failure [error]="error()" />
        @if (alternatives().length) {
          <div class="row" role="group" aria-label="Free times nearby">
            @for (start of alternatives(); track start) {
              <button matButton="tonal" type="button" (click)="take(start)">{{ wallClock(start) }}</button>
            }
          </div>
        }
        <div class="fields">
          <cm-text-field label="Date" type="date" [field]="f.date" />
          <cm-text-field label="Time" type="time" [field]="f.time" />
        </div>
        <p class="muted small">Local time in {{ callback.timeZone }}. Now it is {{ wallClock(callback.start) }}.</p>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>Cancel</button>
        <button matButton="filled" type="submit" [disabled]="f().submitting()">Move</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class RescheduleDialog {
  private readonly http = inject(Api).http;
  private readonly dialog = inject<MatDialogRef<RescheduleDialog, Detail>>(MatDialogRef);
  protected readonly callback = inject<Detail>(MAT_DIALOG_DATA);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly alternatives = signal<readonly string[]>([]);
  private readonly model = signal({ date: wallDate(this.callback.start), time: wallTime(this.callback.start) });
  protected readonly f = form(this.model, (path) => {
    required(path.date, { message: 'Choose a date.' });
    required(path.time, { message: 'Choose a time.' });
  });
  protected readonly wallClock = wallClock;

  protected take(start: string): void {
    this.model.set({ date: wallDate(start), time: wallTime(start) });
    void this.move(start);
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.f, async () => {
      const { date, time } = this.model();
      // Without an offset it is local time of the pool: the server knows its clock changes.
      await this.move(`${date}T${time}:00`);
      return undefined;
    });
  }

  private async move(start: string): Promise<void> {
    const params = { path: { account_number: this.callback.accountNumber } };
    this.error.set(undefined);
    try {
      const path = '/admin/api/v1/callbacks/{account_number}/reschedule';
      this.dialog.close(await answer(this.http.POST(path, { params, body: { start } })));
    } catch (error) {
      const problem = Problem.of(error);
      this.error.set(problem);
      this.alternatives.set(startsOf(problem.body['alternatives']));
    }
  }
}

/** `[{"start": …}]` → the starts. */
export function startsOf(alternatives: unknown): readonly string[] {
  if (!Array.isArray(alternatives)) return [];
  return alternatives.map((slot: { start?: string } | string) =>
    typeof slot === 'string' ? slot : (slot.start ?? ''),
  );
}
