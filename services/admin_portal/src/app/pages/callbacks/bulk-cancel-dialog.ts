import { Component, inject, resource, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Api, unwrap } from '../../core/api';
import { dayName, wallClock } from '../../core/date-time';
import { Problem } from '../../core/problem';
import { ErrorBanner } from '../../ui/error-banner';
import { PhoneNumber } from '../../ui/phone-number';
import { TextField } from '../../ui/text-field';
import type { CallbackFilter } from './callback-filters';

/** The filter of a list, and how many callbacks it showed by it. */
export interface WhatToCancel {
  readonly filter: CallbackFilter;
  readonly total: number;
}

const MAX_GROUPS = 12; // a dialog has room for so many

/** Shows what would be cancelled, and has exactly that cancelled; closes with the id of the job. */
@Component({
  selector: 'cm-bulk-cancel',
  imports: [ErrorBanner, MatButton, MatDialogModule, PhoneNumber, TextField],
  template: `
    <h2 mat-dialog-title>Cancel all scheduled callbacks of this list</h2>
    <mat-dialog-content class="stack">
      <cm-error-banner [error]="error() ?? preview.error()" />
      @if (preview.hasValue()) {
        <p>
          <b class="num count">{{ preview.value().count }}</b>
          {{ preview.value().count === 1 ? 'callback is' : 'callbacks are' }} still scheduled and would be cancelled.
          Their customers are not called. What UCCE has already is left alone.
        </p>
        @if (preview.value().groups.length) {
          <table class="list" aria-label="By day and skill">
            <thead>
              <tr>
                <th>Day</th>
                <th>Skill</th>
                <th class="num">Callbacks</th>
              </tr>
            </thead>
            <tbody>
              @for (group of preview.value().groups.slice(0, maxGroups); track group.date + group.skillId) {
                <tr>
                  <td class="nowrap">{{ dayName(group.date) }}</td>
                  <td>{{ group.skill }}</td>
                  <td class="num">{{ group.count }}</td>
                </tr>
              }
            </tbody>
          </table>
          @if (preview.value().groups.length > maxGroups) {
            <p class="muted small">and {{ preview.value().groups.length - maxGroups }} more days and skills</p>
          }
          <details>
            <summary>
              {{ preview.value().first.length === 1 ? 'Which one' : 'The first ' + preview.value().first.length }}
            </summary>
            <ul class="small">
              @for (callback of preview.value().first; track callback.accountNumber) {
                <li>
                  {{ wallClock(callback.start) }} · <cm-phone [number]="callback.phone" /> {{ callback.firstName }}
                  {{ callback.lastName }} · {{ callback.skill }}
                </li>
              }
            </ul>
          </details>
        }
        @if (preview.value().count > preview.value().limit) {
          <p class="warn">At most {{ preview.value().limit }} at a time: choose fewer days or one skill.</p>
        }
      } @else if (preview.isLoading()) {
        <p class="muted">Counting…</p>
      }
      <cm-text-field label="Reason" [field]="form.reason" hint="Stands in the timeline of each callback." />
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton mat-dialog-close>Keep them</button>
      <button matButton="filled" class="danger" [disabled]="!canRun()" (click)="run()">Cancel them</button>
    </mat-dialog-actions>
  `,
  styles: `
    .count {
      font-size: 18px;
    }
    summary {
      cursor: pointer;
      color: var(--cm-accent);
    }
    ul {
      margin: 6px 0 0;
      padding-left: 20px;
    }
  `,
})
export class BulkCancelDialog {
  private readonly http = inject(Api).http;
  private readonly dialog = inject<MatDialogRef<BulkCancelDialog, string>>(MatDialogRef);
  private readonly what = inject<WhatToCancel>(MAT_DIALOG_DATA);
  protected readonly busy = signal(false);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly preview = resource({
    loader: () =>
      unwrap(
        this.http.POST('/admin/api/v1/callbacks/bulk-cancel/preview', {
          body: { ...this.what.filter, total: this.what.total },
        }),
      ),
  });
  protected readonly maxGroups = MAX_GROUPS;
  protected readonly dayName = dayName;
  protected readonly wallClock = wallClock;
  protected readonly form = form(signal({ reason: '' }), (path) => {
    required(path.reason, { message: 'Say why.' });
    maxLength(path.reason, 200, { message: 'At most 200 characters.' });
  });

  protected canRun(): boolean {
    if (!this.preview.hasValue() || this.busy() || !this.form().valid()) return false;
    const { count, limit } = this.preview.value();
    return count > 0 && count <= limit;
  }

  protected async run(): Promise<void> {
    const count = this.preview.value()?.count;
    this.busy.set(true);
    this.error.set(undefined);
    try {
      const body = { ...this.what.filter, count, reason: this.form.reason().value() };
      const { id } = await unwrap(this.http.POST('/admin/api/v1/callbacks/bulk-cancel', { body }));
      this.dialog.close(id);
    } catch (error) {
      this.error.set(Problem.of(error));
      this.preview.reload();
    } finally {
      this.busy.set(false);
    }
  }
}
