import { Component, inject, signal } from '@angular/core';
import { form, minLength, required, submit, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { ErrorBanner } from '../../ui/error-banner';
import { Snackbar } from '../../ui/snackbar';
import { Page } from '../../ui/page';
import { TextField } from '../../ui/text-field';

@Component({
  selector: 'cm-password-page',
  imports: [ErrorBanner, MatButton, Page, TextField],
  template: `
    <cm-page
      heading="Change password"
      lead="At least 12 characters, without your user name, and none of the commonest passwords. All your other sessions end."
    >
      <form class="card stack" (submit)="save($event)" novalidate>
        @if (session.me()?.mustChange) {
          <p class="warn">Choose a password of your own before you go on.</p>
        }
        <cm-error-banner [error]="error()" />
        <cm-text-field
          label="Current password"
          type="password"
          autocomplete="current-password"
          [field]="form.current"
        />
        <cm-text-field label="New password" type="password" autocomplete="new-password" [field]="form.newPassword" />
        <cm-text-field label="New password again" type="password" autocomplete="new-password" [field]="form.repeated" />
        <div><button matButton="filled" type="submit" [disabled]="form().submitting()">Change it</button></div>
      </form>
    </cm-page>
  `,
  styles: 'form { max-width: 440px; }',
})
export class PasswordPage {
  private readonly router = inject(Router);
  private readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly form = form(signal({ current: '', newPassword: '', repeated: '' }), (path) => {
    required(path.current, { message: 'Enter your current password.' });
    required(path.newPassword, { message: 'Enter a new one.' });
    minLength(path.newPassword, 12, { message: 'At least 12 characters.' });
    validate(path.repeated, ({ value, valueOf }) =>
      value() === valueOf(path.newPassword) ? undefined : { kind: 'same', message: 'Not the same.' },
    );
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.form, async () => {
      this.error.set(undefined);
      try {
        await this.session.changePassword(this.form.current().value(), this.form.newPassword().value());
        this.snackbar.done('Your password is changed.');
        await this.router.navigateByUrl('/today');
        return undefined;
      } catch (error) {
        const problem = Problem.of(error);
        const messages = problem.fields.get('newPassword');
        if (!messages) this.error.set(problem);
        return messages?.map((message) => ({ kind: 'server', message, fieldTree: this.form.newPassword }));
      }
    });
  }
}
