import { Component, inject, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { Api, unwrap } from '../../core/api';
import { ago, localMoment } from '../../core/date-time';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { ErrorBanner } from '../../ui/error-banner';
import { Page } from '../../ui/page';
import { Status } from '../../ui/status';

/** Where the person is signed in, and one button that ends all of it. */
@Component({
  selector: 'cm-sessions-page',
  imports: [ErrorBanner, MatButton, Page, Status],
  template: `
    <cm-page
      heading="Where you are signed in"
      lead="What you do not recognise, end: sign out everywhere, then change your password."
    >
      <button matButton="filled" type="button" actions [disabled]="ending()" (click)="signOutEverywhere()">
        Sign out everywhere
      </button>
      <cm-error-banner [error]="error() ?? failed()" />
      @if (sessions.hasValue()) {
        <div class="card">
          <table class="list cards">
            <thead>
              <tr>
                <th>Browser</th>
                <th>Address</th>
                <th>Signed in</th>
                <th>Last work</th>
              </tr>
            </thead>
            <tbody>
              @for (one of sessions.value().items; track $index) {
                <tr>
                  <td class="main">
                    {{ one.browser || 'unknown' }}
                    @if (one.current) {
                      <cm-status value="yes" label="this one" />
                    }
                  </td>
                  <td data-label="Address">{{ one.address }}</td>
                  <td data-label="Signed in">{{ moment(one.createdAt) }}</td>
                  <td data-label="Last work" class="muted">{{ ago(one.seenAt) }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      }
    </cm-page>
  `,
})
export class SessionsPage {
  private readonly http = inject(Api).http;
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  protected readonly ending = signal(false);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly sessions = resource({ loader: () => unwrap(this.http.GET('/admin/api/v1/auth/sessions')) });
  protected readonly ago = ago;
  protected readonly moment = localMoment;

  protected failed(): Problem | undefined {
    const error = this.sessions.error();
    return error ? Problem.of(error) : undefined;
  }

  protected async signOutEverywhere(): Promise<void> {
    this.ending.set(true);
    try {
      await this.session.signOutEverywhere();
      await this.router.navigateByUrl('/login');
    } catch (error) {
      this.error.set(Problem.of(error));
    } finally {
      this.ending.set(false);
    }
  }
}
