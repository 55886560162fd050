import { Component, inject, resource, signal } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Api, type Schemas, unwrap } from '../../core/api';
import { poll } from '../../core/poll';
import { Problem } from '../../core/problem';
import { ago, localMoment } from '../../core/date-time';
import { ErrorBanner } from '../../ui/error-banner';
import { Page } from '../../ui/page';
import { Status } from '../../ui/status';

const REFRESH_SECONDS = 10;

@Component({
  selector: 'cm-system-page',
  imports: [ErrorBanner, MatProgressBar, Page, Status],
  templateUrl: './system-page.html',
  styles: `
    .two {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 16px;
      align-items: start;
    }
    .title {
      padding: 14px 18px 10px;
    }
    @media (max-width: 900px) {
      .two {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class SystemPage {
  private readonly http = inject(Api).http;
  protected readonly system = signal<Schemas['System'] | undefined>(undefined);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly polling = poll(REFRESH_SECONDS, async () => this.refresh());
  protected readonly terms = resource({
    loader: () => unwrap(this.http.GET('/admin/api/v1/system/masterships', { params: { query: { pageSize: 10 } } })),
  });
  protected readonly ago = ago;
  protected readonly moment = localMoment;

  private async refresh(): Promise<void> {
    try {
      this.system.set(await unwrap(this.http.GET('/admin/api/v1/system')));
      this.error.set(undefined);
    } catch (error) {
      this.error.set(Problem.of(error));
    }
  }
}
