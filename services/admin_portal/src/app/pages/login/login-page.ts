import { Component, DOCUMENT, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { ErrorBanner } from '../../ui/error-banner';
import { Problem } from '../../core/problem';
import { LoginForm } from '../../ui/login-form';

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
        <cm-login-form (entered)="go()" />
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
  /** The address to go to after the sign-in; from the query. */
  readonly to = input<string>();
  readonly down = input<string>();
  protected readonly unreachable = Problem.unreachable();
  /** Browsers keep the session cookie of https:// pages from other ones; without a word it looks like a lost session. */
  protected readonly plain = inject(DOCUMENT).location.protocol === 'http:';

  protected go(): void {
    const to = this.to() ?? '';
    // Only a path of this portal: `//host` would lead to another site.
    const target = /^\/(?![/\\])/.test(to) && !to.startsWith('/login') ? to : '/today';
    void this.router.navigateByUrl(target, { replaceUrl: true });
  }
}
