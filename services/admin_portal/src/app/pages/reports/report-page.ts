import { Component, computed, inject, input, linkedSignal, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { mdiChartBoxOutline, mdiDownload } from '@mdi/js';
import { Api, unwrap } from '../../core/api';
import { download } from '../../core/download';
import { ListQuery } from '../../core/list-query';
import { Session } from '../../core/session';
import { wallClock } from '../../core/date-time';
import { EmptyState } from '../../ui/empty-state';
import { Icon } from '../../ui/icon';
import { ListCard } from '../../ui/list-card';
import { Snackbar } from '../../ui/snackbar';
import { Page } from '../../ui/page';
import { Search } from '../../ui/search';
import { SortHeader } from '../../ui/sort-header';
import { Status } from '../../ui/status';
import { type Column, REPORTS } from './reports';

type Row = Readonly<Record<string, string | number | null>>;

/** The JSON body of every report. */
interface Rows {
  readonly items: readonly Row[];
  readonly total: number;
}

@Component({
  selector: 'cm-report-page',
  imports: [EmptyState, Icon, ListCard, MatButton, Page, RouterLink, RouterLinkActive, Search, SortHeader, Status],
  providers: [ListQuery],
  templateUrl: './report-page.html',
  styles: `
    nav {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
      border-bottom: 1px solid var(--cm-line);
    }
    nav a {
      padding: 8px 14px;
      border-bottom: 2px solid transparent;
      color: var(--cm-muted);
      font-weight: 540;
    }
    nav a:hover {
      color: var(--cm-ink);
      text-decoration: none;
    }
    nav a.here {
      border-color: var(--cm-accent);
      color: var(--cm-accent);
    }
  `,
})
export class ReportPage {
  private readonly http = inject(Api).http;
  protected readonly session = inject(Session);
  private readonly snackbar = inject(Snackbar);
  protected readonly query = inject(ListQuery);
  /** Which report; from the address. */
  readonly name = input.required<string>();
  protected readonly reports = REPORTS;
  protected readonly report = computed(() => REPORTS.find(({ name }) => name === this.name()) ?? REPORTS[0]);
  protected readonly busy = signal(false);
  private readonly dates = computed(() => this.query.filters(['from', 'to']));
  protected readonly result = resource({
    params: () => ({ path: this.report().path, query: { ...this.query.query(), ...this.dates() } }),
    loader: async ({ params, abortSignal }) =>
      (await unwrap(this.http.GET(params.path, { params: { query: params.query }, signal: abortSignal }))) as Rows,
  });
  protected readonly rows = linkedSignal<readonly Row[]>(() =>
    this.result.hasValue() ? this.result.value().items : [],
  );
  protected readonly icons = { none: mdiChartBoxOutline, download: mdiDownload };

  protected text(row: Row, column: Column): string {
    const value = row[column.name];
    if (value === null || value === undefined) return '–';
    if (column.kind === 'instant') return wallClock(String(value));
    if (typeof value === 'number') return value.toLocaleString('en-US');
    return column.kind === 'code' ? value.replaceAll('_', ' ') : value;
  }

  protected setFilter(name: string, event: Event): void {
    this.query.set({ [name]: (event.target as HTMLInputElement).value });
  }

  protected async download(): Promise<void> {
    this.busy.set(true);
    const { path, name } = this.report();
    const query = { ...this.dates(), format: 'csv' as const, ...(this.query.q() && { q: this.query.q() }) };
    try {
      const file = await unwrap(
        this.http.GET(path, { params: { query }, headers: { Accept: 'text/csv' }, parseAs: 'blob' }),
      );
      download(file, `${name}.csv`);
    } catch (error) {
      this.snackbar.failed(error);
    } finally {
      this.busy.set(false);
    }
  }
}
