import { Component, inject, signal } from '@angular/core';
import { form, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Api, type Schemas, unwrap } from '../../core/api';
import { Problem } from '../../core/problem';
import { wallClock, wallDate, wallTime } from '../../core/date-time';
import { ErrorBanner } from '../../ui/error-banner';
import { TextField } from '../../ui/text-field';

type Detail = Schemas['CallbackDetail'];

/** Moves a callback to another time; when that slot is full, offers the nearest free ones. */
@Component({
  selector: 'cm-reschedule',
  imports: [ErrorBanner, MatButton, MatDialogModule, TextField],
  template: `
    <h2 mat-dialog-title>Move to another time</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content class="stack">
        <cm-error-banner [error]="error()" />
        @if (alternatives().length) {
          <div class="row" role="group" aria-label="Free times nearby">
            @for (start of alternatives(); track start) {
              <button matButton="tonal" type="button" (click)="take(start)">{{ wallClock(start) }}</button>
            }
          </div>
        }
        <div class="fields">
          <cm-text-field label="Date" type="date" [field]="form.date" />
          <cm-text-field label="Time" type="time" [field]="form.time" />
        </div>
        <p class="muted small">Local time in {{ callback.timeZone }}. Now it is {{ wallClock(callback.start) }}.</p>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>Cancel</button>
        <button matButton="filled" type="submit" [disabled]="form().submitting()">Move</button>
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
  protected readonly form = form(this.model, (path) => {
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
    await submit(this.form, async () => {
      const { date, time } = this.model();
      // A time without an offset is local time of the pool; the server resolves clock changes.
      await this.move(`${date}T${time}:00`);
      return undefined;
    });
  }

  private async move(start: string): Promise<void> {
    const params = { path: { account_number: this.callback.accountNumber } };
    this.error.set(undefined);
    try {
      const path = '/admin/api/v1/callbacks/{account_number}/reschedule';
      this.dialog.close(await unwrap(this.http.POST(path, { params, body: { start } })));
    } catch (error) {
      const problem = Problem.of(error);
      this.error.set(problem);
      this.alternatives.set(startsOf(problem.body['alternatives']));
    }
  }
}

/** The starts of the alternatives in a problem's body: objects with `start`, or texts. */
export function startsOf(alternatives: unknown): readonly string[] {
  if (!Array.isArray(alternatives)) return [];
  return alternatives.map((slot: { start?: string } | string) =>
    typeof slot === 'string' ? slot : (slot.start ?? ''),
  );
}
