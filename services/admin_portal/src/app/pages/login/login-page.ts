import { Component, DOCUMENT, effect, inject, input, resource, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { ErrorBanner } from '../../ui/error-banner';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { LoginForm } from '../../ui/login-form';

const WANTED = 'cm-wanted-address';

@Component({
  selector: 'cm-login-page',
  imports: [ErrorBanner, LoginForm],
  template: `
    <main>
      <div class="card">
        <header>
          <img src="icon.svg" alt="" width="40" height="40" />
          <div>
            <h1>Campaign Manager</h1>
            <p class="muted">Scheduled callbacks for UCCE</p>
          </div>
        </header>
        @if (down()) {
          <cm-error-banner [error]="unreachable" />
        }
        <cm-login-form [refused]="refusal.hasValue() ? refusal.value() : undefined" (entered)="go()" />
        @if (plain) {
          <p class="muted">This page is plain HTTP. A sign-in made at the https:// address may not be valid here.</p>
        }
      </div>
    </main>
  `,
  styles: `
    main {
      display: grid;
      place-items: center;
      min-height: 100vh;
      padding: 20px;
    }
    .card {
      display: grid;
      gap: 22px;
      width: 100%;
      max-width: 380px;
      padding: 28px;
    }
    header {
      display: flex;
      gap: 14px;
      align-items: center;
    }
    h1 {
      font-size: 20px;
      line-height: 26px;
    }
  `,
})
export class LoginPage {
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  /** The address to go to after the sign-in; from the query. */
  readonly to = input<string>();
  readonly down = input<string>();
  /** Whether a sign-in at a provider, which leads back here, went well, and the word for why it did not. */
  readonly signedIn = input<string>();
  readonly refused = input<string>();
  protected readonly refusal = resource({
    params: () => this.refused(),
    loader: ({ params }) => this.session.refusal(params),
  });
  protected readonly unreachable = Problem.unreachable();
  /** Browsers keep the session cookie of https:// pages from other ones; without a word it looks like a lost session. */
  protected readonly plain = inject(DOCUMENT).location.protocol === 'http:';

  constructor() {
    // The provider leads back to this page without the address that was wanted: it is kept here meanwhile.
    effect(() => {
      const to = this.to();
      if (to) sessionStorage.setItem(WANTED, to);
      else if (!this.signedIn() && !this.refused()) sessionStorage.removeItem(WANTED);
    });
    effect(() => {
      if (this.signedIn()) untracked(() => void this.comeBack());
    });
  }

  private async comeBack(): Promise<void> {
    if (await this.session.restore()) this.go(sessionStorage.getItem(WANTED) ?? '');
  }

  protected go(to = this.to() ?? ''): void {
    sessionStorage.removeItem(WANTED);
    // Only a path of this portal: `//host` would lead to another site.
    const target = /^\/(?![/\\])/.test(to) && !to.startsWith('/login') ? to : '/today';
    void this.router.navigateByUrl(target, { replaceUrl: true });
  }
}
