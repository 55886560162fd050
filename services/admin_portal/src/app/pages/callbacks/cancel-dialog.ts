import { Component, inject, signal } from '@angular/core';
import { form, maxLength } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { TextField } from '../../ui/text-field';

/** Asks for the reason of a cancellation. Closes with the reason; with undefined when the callback is kept. */
@Component({
  selector: 'cm-cancel',
  imports: [MatButton, MatDialogModule, TextField],
  template: `
    <h2 mat-dialog-title>Cancel this callback?</h2>
    <mat-dialog-content class="stack">
      <p>The customer is not called, and the place is free for another one.</p>
      <cm-text-field label="Reason" [field]="form.reason" hint="Stands in the timeline." />
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton mat-dialog-close>Keep it</button>
      <button
        matButton="filled"
        class="danger"
        [disabled]="!form().valid()"
        (click)="dialog.close(form.reason().value())"
      >
        Cancel the callback
      </button>
    </mat-dialog-actions>
  `,
})
export class CancelDialog {
  protected readonly dialog = inject<MatDialogRef<CancelDialog, string>>(MatDialogRef);
  protected readonly form = form(signal({ reason: '' }), (path) => {
    maxLength(path.reason, 200, { message: 'At most 200 characters.' });
  });
}
