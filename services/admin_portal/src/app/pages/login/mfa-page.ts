import { Component, inject, resource, signal } from '@angular/core';
import { form, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import { Api, type Schemas, unwrap } from '../../core/api';
import { download } from '../../core/download';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { ErrorBanner } from '../../ui/error-banner';
import { Page } from '../../ui/page';
import { Snackbar } from '../../ui/snackbar';
import { TextField } from '../../ui/text-field';

const PATH = '/admin/api/v1/auth/mfa';
type Task = 'set up' | 'new codes' | 'remove';

/** The second factor of the person: each task asks for the password first; the codes are shown once. */
@Component({
  selector: 'cm-mfa-page',
  imports: [ErrorBanner, MatButton, MatProgressBar, Page, TextField],
  template: `
    <cm-page
      heading="Second factor"
      lead="A code of your telephone's authenticator beside your password: who learns the password alone gets nowhere."
    >
      <cm-error-banner [error]="error()" />
      @if (recoveryCodes(); as codes) {
        <section class="card stack">
          <h2>Keep these recovery codes</h2>
          <p>
            Each lets you in once when your authenticator is not at hand. They are not shown again: print them, or keep
            them with your passwords.
          </p>
          <ul class="codes">
            @for (code of codes; track code) {
              <li>{{ code }}</li>
            }
          </ul>
          <div class="row">
            <button matButton="outlined" type="button" (click)="save(codes)">Download them</button>
            <button matButton="filled" type="button" (click)="finish()">I have kept them</button>
          </div>
        </section>
      } @else if (enrolment(); as key) {
        <form class="card stack" (submit)="confirm($event)" novalidate>
          <h2>Scan it, then type the code that appears</h2>
          <img [src]="key.qrCode" alt="QR code for your authenticator" width="225" height="225" />
          <p class="muted">
            Without a camera type this key: <span class="mono">{{ key.secret }}</span>
          </p>
          <cm-text-field label="Code" autocomplete="one-time-code" [field]="codeForm.code" />
          <div class="row">
            <button matButton type="button" (click)="enrolment.set(undefined)">Back</button>
            <button matButton="filled" type="submit" [disabled]="codeForm().submitting()">Confirm</button>
          </div>
        </form>
      } @else if (state.hasValue()) {
        <form class="card stack" (submit)="begin($event)" novalidate>
          @if (session.me()?.mustSetUpMfa) {
            <p class="warn">Your role must have a second factor. Set it up before you go on.</p>
          }
          @if (state.value().enabled) {
            <p>It is set up. {{ state.value().recoveryCodesLeft }} recovery codes are left.</p>
          } @else {
            <p>It is not set up. You need an app such as Microsoft Authenticator, Google Authenticator or 1Password.</p>
          }
          <cm-text-field
            label="Current password"
            type="password"
            autocomplete="current-password"
            [field]="form.password"
          />
          <div class="row">
            <button matButton="filled" type="submit" [disabled]="form().submitting()">
              {{ state.value().enabled ? 'Set up another authenticator' : 'Set it up' }}
            </button>
            @if (state.value().enabled) {
              <button matButton="outlined" type="button" (click)="run('new codes')">New recovery codes</button>
              @if (!state.value().required) {
                <button matButton class="danger" type="button" (click)="run('remove')">Remove it</button>
              }
            }
          </div>
        </form>
      } @else if (state.isLoading()) {
        <mat-progress-bar mode="indeterminate" aria-label="Loading" />
      }
    </cm-page>
  `,
  styles: `
    .card {
      max-width: 560px;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    .codes {
      columns: 2;
      font-family: var(--cm-mono, monospace);
      line-height: 28px;
    }
    img {
      border-radius: 8px;
      background: #fff;
    }
  `,
})
export class MfaPage {
  private readonly http = inject(Api).http;
  private readonly router = inject(Router);
  private readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly enrolment = signal<Schemas['Enrolment'] | undefined>(undefined);
  protected readonly recoveryCodes = signal<readonly string[] | undefined>(undefined);
  protected readonly state = resource({ loader: () => unwrap(this.http.GET(PATH)) });
  protected readonly form = form(signal({ password: '' }), (path) => {
    required(path.password, { message: 'Enter your current password.' });
  });
  protected readonly codeForm = form(signal({ code: '' }), (path) => {
    required(path.code, { message: 'Enter the code.' });
  });

  protected async begin(event: Event): Promise<void> {
    event.preventDefault();
    await this.run('set up');
  }

  protected async run(task: Task): Promise<void> {
    await submit(this.form, async () => {
      await this.attempt(() => this.do(task));
      return undefined;
    });
  }

  protected async confirm(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.codeForm, async () => {
      await this.attempt(async () => {
        const body = { code: this.codeForm.code().value() };
        const { recoveryCodes } = await unwrap(this.http.POST(`${PATH}/confirmation`, { body }));
        this.codeForm().reset({ code: '' });
        this.enrolment.set(undefined);
        this.recoveryCodes.set(recoveryCodes);
        await this.session.refresh();
      });
      return undefined;
    });
  }

  protected save(codes: readonly string[]): void {
    download(new Blob([codes.join('\n')], { type: 'text/plain' }), 'recovery-codes.txt');
  }

  protected async finish(): Promise<void> {
    this.recoveryCodes.set(undefined);
    await this.router.navigateByUrl('/today');
  }

  private async do(task: Task): Promise<void> {
    const body = { currentPassword: this.form.password().value() };
    if (task === 'set up') {
      this.enrolment.set(await unwrap(this.http.POST(`${PATH}/enrolment`, { body })));
    } else if (task === 'new codes') {
      this.recoveryCodes.set((await unwrap(this.http.POST(`${PATH}/recovery-codes`, { body }))).recoveryCodes);
    } else {
      await unwrap(this.http.POST(`${PATH}/removal`, { body }));
      this.snackbar.done('You sign in with your password alone now.');
    }
    this.form().reset({ password: '' });
    this.state.reload();
  }

  private async attempt(call: () => Promise<void>): Promise<void> {
    this.error.set(undefined);
    try {
      await call();
    } catch (error) {
      const problem = Problem.of(error);
      const told = [...problem.fields.values()].flat();
      this.error.set(told.length ? new Problem(problem.status, problem.code, told.join(' ')) : problem);
    }
  }
}
