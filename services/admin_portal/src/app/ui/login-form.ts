import { Component, inject, input, linkedSignal, output, signal } from '@angular/core';
import { form, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Problem } from '../core/problem';
import { Session } from '../core/session';
import { ErrorBanner } from './error-banner';
import { TextField } from './text-field';

/** Name and password. The error stands above both fields: the server does not say which of the two was wrong. */
@Component({
  selector: 'cm-login-form',
  imports: [ErrorBanner, MatButton, TextField],
  template: `
    <form class="stack" (submit)="enter($event)" novalidate>
      <cm-error-banner [error]="error()" />
      <cm-text-field label="User name" [field]="form.name" autocomplete="username" />
      <cm-text-field label="Password" type="password" [field]="form.password" autocomplete="current-password" />
      <button matButton="filled" type="submit" [disabled]="form().submitting()">Sign in</button>
    </form>
  `,
})
export class LoginForm {
  private readonly session = inject(Session);
  readonly name = input('');
  readonly entered = output();
  protected readonly error = signal<Problem | undefined>(undefined);
  private readonly model = linkedSignal(() => ({ name: this.name(), password: '' }));
  protected readonly form = form(this.model, (path) => {
    required(path.name, { message: 'Enter your user name.' });
    required(path.password, { message: 'Enter your password.' });
  });

  protected async enter(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.form, async () => {
      this.error.set(undefined);
      const { name, password } = this.model();
      try {
        await this.session.signIn(name.trim(), password);
        this.entered.emit();
      } catch (error) {
        this.error.set(Problem.of(error));
      }
      return undefined;
    });
  }
}
