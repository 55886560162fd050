import { Component, inject, signal } from '@angular/core';
import { form, minLength, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Problem } from '../../core/problem';
import { ErrorBanner } from '../../ui/error-banner';
import { TextField } from '../../ui/text-field';
import { UserRepository } from './user-repository';

/** Sets a password for another user. Their sessions end, and they must choose a new one at the next sign-in. */
@Component({
  selector: 'cm-set-password',
  imports: [ErrorBanner, MatButton, MatDialogModule, TextField],
  template: `
    <h2 mat-dialog-title>Set a new password</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content class="stack">
        <cm-error-banner [error]="error()" />
        <p class="muted">Ends all their sessions. They choose another one when they next sign in.</p>
        <cm-text-field label="New password" type="password" autocomplete="new-password" [field]="form.password" />
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>Cancel</button>
        <button matButton="filled" type="submit" [disabled]="form().submitting()">Set it</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class SetPasswordDialog {
  private readonly repository = inject(UserRepository);
  private readonly dialog = inject<MatDialogRef<SetPasswordDialog, boolean>>(MatDialogRef);
  private readonly id = inject<string>(MAT_DIALOG_DATA);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly form = form(signal({ password: '' }), (path) => {
    required(path.password, { message: 'Give a password.' });
    minLength(path.password, 12, { message: 'At least 12 characters.' });
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.form, async () => {
      try {
        await this.repository.setPassword(this.id, this.form.password().value());
        this.dialog.close(true);
        return undefined;
      } catch (error) {
        const problem = Problem.of(error);
        const messages = problem.fields.get('password');
        if (!messages) this.error.set(problem);
        return messages?.map((message) => ({ kind: 'server', message, fieldTree: this.form.password }));
      }
    });
  }
}
