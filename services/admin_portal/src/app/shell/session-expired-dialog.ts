import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { LoginForm } from '../ui/login-form';

/** Signs in again over the page whose session has expired. */
@Component({
  selector: 'cm-session-expired-dialog',
  imports: [LoginForm, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Your session has ended</h2>
    <mat-dialog-content>
      <p class="muted">Sign in to go on where you were. Nothing on the page is lost.</p>
      <cm-login-form [name]="name" [overPage]="true" (entered)="dialog.close(true)" />
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close(false)">Leave to the sign-in page</button>
    </mat-dialog-actions>
  `,
  styles: 'p { margin-bottom: 16px; }',
})
export class SessionExpiredDialog {
  protected readonly dialog = inject<MatDialogRef<SessionExpiredDialog, boolean>>(MatDialogRef);
  protected readonly name = inject<string>(MAT_DIALOG_DATA);
}
