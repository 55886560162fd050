import { Component, inject, input, output, signal } from '@angular/core';
import { form, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { Failure } from '../../ui/failure';
import { TextField } from '../../ui/text-field';

/** Name and password. Answers never tell which users exist, so an error stands above both. */
@Component({
  selector: 'cm-login-form',
  imports: [Failure, MatButton, TextField],
  template: `
    <form class="stack" (submit)="enter($event)" novalidate>
      <cm-failure [error]="error()" />
      <cm-text-field label="User name" [field]="f.name" autocomplete="username" />
      <cm-text-field label="Password" type="password" [field]="f.password" autocomplete="current-password" />
      <button matButton="filled" type="submit" [disabled]="f().submitting()">Sign in</button>
    </form>
  `,
})
export class LoginForm {
  private readonly session = inject(Session);
  readonly name = input('');
  readonly entered = output();
  protected readonly error = signal<Problem | undefined>(undefined);
  private readonly model = signal({ name: '', password: '' });
  protected readonly f = form(this.model, (path) => {
    required(path.name, { message: 'Enter your user name.' });
    required(path.password, { message: 'Enter your password.' });
  });

  ngOnInit(): void {
    if (this.name()) this.model.update((model) => ({ ...model, name: this.name() }));
  }

  protected async enter(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.f, async () => {
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
