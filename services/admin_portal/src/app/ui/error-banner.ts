import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { mdiAlertCircleOutline } from '@mdi/js';
import { Problem } from '../core/problem';
import { Icon } from './icon';

/** An error message; for an error of the server (5xx) with the request id that finds it in the log. */
@Component({
  selector: 'cm-error-banner',
  imports: [Icon, MatButton],
  template: `
    @if (problem(); as problem) {
      <div class="box" role="alert">
        <cm-icon [path]="icon" />
        <div class="grow">
          <p>{{ problem.explanation }}</p>
          @if (problem.requestId && problem.status >= 500) {
            <p class="small">
              Request id <code>{{ problem.requestId }}</code>
            </p>
          }
        </div>
        @if (retryable()) {
          <button matButton type="button" (click)="retry.emit()">Try again</button>
        }
      </div>
    }
  `,
  styles: `
    .box {
      display: flex;
      gap: 12px;
      align-items: center;
      padding: 10px 14px;
      border-radius: var(--cm-radius);
      background: var(--cm-bad-soft);
      color: var(--cm-bad);
    }
    p {
      color: var(--cm-ink);
    }
    .grow {
      flex: 1;
      min-width: 0;
    }
  `,
})
export class ErrorBanner {
  readonly error = input<unknown>();
  readonly retryable = input(false);
  readonly retry = output();
  protected readonly problem = computed(() => (this.error() ? Problem.of(this.error()) : undefined));
  protected readonly icon = mdiAlertCircleOutline;
}
