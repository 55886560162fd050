import { Component, inject, signal } from '@angular/core';
import { form } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { ChoiceField } from '../../ui/choice-field';

const OVERLAPS = [
  { value: '0', label: 'at once' },
  { value: '1', label: 'in an hour' },
  { value: '24', label: 'in a day' },
  { value: '168', label: 'in a week' },
  { value: '720', label: 'in 30 days' },
];

/** Asks for how long the present key is to work beside the new one; closes with the hours, or without anything. */
@Component({
  selector: 'cm-replace-key-dialog',
  imports: [ChoiceField, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Make a new key?</h2>
    <mat-dialog-content class="stack">
      <p>
        While both keys work, give the new one to whatever uses this client; its page shows which of the two is used.
        The present key can be ended sooner there. A key before it ends at once.
      </p>
      <cm-choice-field label="The present key ends" [choices]="overlaps" [field]="form.hours" />
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton mat-dialog-close>Cancel</button>
      <button matButton="filled" type="button" [class.danger]="form.hours().value() === '0'" (click)="close()">
        Make a new key
      </button>
    </mat-dialog-actions>
  `,
})
export class ReplaceKeyDialog {
  private readonly dialog = inject<MatDialogRef<ReplaceKeyDialog, number>>(MatDialogRef);
  protected readonly overlaps = OVERLAPS;
  protected readonly form = form(signal({ hours: '24' }));

  protected close(): void {
    this.dialog.close(Number(this.form.hours().value()));
  }
}
