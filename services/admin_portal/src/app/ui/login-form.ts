import { Component, computed, inject, input, linkedSignal, output, resource, signal } from '@angular/core';
import { form, hidden, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Problem } from '../core/problem';
import { type LoginMethod, Session } from '../core/session';
import { ErrorBanner } from './error-banner';
import { LoginChoices } from './login-choices';
import { ProviderLinks } from './provider-links';
import { TextField } from './text-field';

/** Name and password, and a code where the person has a second factor. The error stands above both fields: the server does not say which of the two was wrong. */
@Component({
  selector: 'cm-login-form',
  imports: [ErrorBanner, LoginChoices, MatButton, ProviderLinks, TextField],
  template: `
    <form class="stack" (submit)="enter($event)" novalidate>
      <cm-error-banner [error]="error() ?? refused()" />
      <cm-provider-links [methods]="providers()" [newTab]="overPage()" (entered)="entered.emit()" />
      <cm-login-choices [methods]="passwordMethods()" [(source)]="source" />
      <cm-text-field label="User name" [field]="form.name" autocomplete="username" />
      <cm-text-field label="Password" type="password" [field]="form.password" autocomplete="current-password" />
      @if (needsCode()) {
        <cm-text-field
          label="Code of your authenticator"
          [field]="form.code"
          autocomplete="one-time-code"
          hint="Or one of your recovery codes."
        />
      }
      <button matButton="filled" type="submit" [disabled]="form().submitting()">Sign in</button>
    </form>
  `,
})
export class LoginForm {
  private readonly session = inject(Session);
  readonly name = input('');
  /** Why a sign-in at a provider failed. */
  readonly refused = input<Problem>();
  /** It stands over a page that must not be lost. */
  readonly overPage = input(false);
  readonly entered = output();
  private readonly methods = resource({ loader: () => this.session.loginMethods() });
  private readonly known = computed(() => (this.methods.hasValue() ? this.methods.value() : []));
  /** Those that take a name and a password here. Until they are known there is the local one, which is always there. */
  protected readonly passwordMethods = computed(() => this.known().filter((method) => method.source !== 'oidc'));
  protected readonly providers = computed(() => this.known().filter((method) => method.source === 'oidc'));
  /** The directory first, where there is one: local accounts are for when it does not answer. */
  protected readonly source = linkedSignal<LoginMethod['source']>(
    () => this.passwordMethods().find((method) => method.source === 'ldap' && method.available)?.source ?? 'local',
  );
  protected readonly error = signal<Problem | undefined>(undefined);
  private readonly model = linkedSignal(() => ({ name: this.name(), password: '', code: '' }));
  /** The password was right, and the person has a second factor. */
  protected readonly needsCode = signal(false);
  protected readonly form = form(this.model, (path) => {
    required(path.name, { message: 'Enter your user name.' });
    required(path.password, { message: 'Enter your password.' });
    hidden(path.code, { when: () => !this.needsCode() });
    required(path.code, { message: 'Enter the code.' });
  });

  protected async enter(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.form, async () => {
      this.error.set(undefined);
      const { name, password, code } = this.model();
      try {
        await this.session.signIn(name.trim(), password, this.source() === 'ldap' ? 'ldap' : 'local', code);
        this.entered.emit();
      } catch (error) {
        const problem = Problem.of(error);
        if (problem.code === 'mfa_required') this.needsCode.set(true);
        else this.error.set(problem);
      }
      return undefined;
    });
  }
}
