import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { LoginMethod } from '../core/session';
import { Session } from '../core/session';

/**
 * Links to where the company's own login page is. Over a page that must not be lost it opens in a tab of its own; when
 * the user is back, this one looks whether they have signed in there.
 */
@Component({
  selector: 'cm-provider-links',
  imports: [MatButton],
  template: `
    @for (method of methods(); track method.source) {
      <a matButton="filled" href="/admin/api/v1/auth/oidc/login" [attr.target]="newTab() ? '_blank' : null">
        Sign in with {{ method.label }}
      </a>
      @if (!method.available) {
        <p class="warn" role="status">{{ method.label }} does not answer at the moment. Other ways to sign in work.</p>
      }
    }
    @if (methods().length) {
      <p class="muted">or with an account and its password:</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 14px;
    }
  `,
  host: { '(window:focus)': 'look()', '[hidden]': '!methods().length' },
})
export class ProviderLinks {
  private readonly session = inject(Session);
  readonly methods = input.required<readonly LoginMethod[]>();
  readonly newTab = input(false);
  readonly entered = output();

  protected async look(): Promise<void> {
    if (this.newTab() && this.methods().length && (await this.session.resume().catch(() => false))) this.entered.emit();
  }
}
