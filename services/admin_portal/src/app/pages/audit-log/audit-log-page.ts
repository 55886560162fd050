import { Component } from '@angular/core';
import { mdiClipboardTextClockOutline } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { localDayBegins, plusDays } from '../../core/date-time';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { type Change, changes } from './changes';

const FILTERS = ['who', 'resource', 'action', 'from', 'to'] as const;
type Filters = Record<(typeof FILTERS)[number], string>;

@Component({
  selector: 'cm-audit-log-page',
  imports: [LIST_PAGE],
  providers: [ListQuery],
  templateUrl: './audit-log-page.html',
  styles: `
    details summary {
      cursor: pointer;
      color: var(--cm-accent);
    }
    ul {
      margin: 6px 0 0;
      padding: 0;
      list-style: none;
      font-size: 12.5px;
    }
    li {
      overflow-wrap: anywhere;
    }
    del {
      color: var(--cm-bad);
      text-decoration: none;
    }
    ins {
      color: var(--cm-good);
      text-decoration: none;
    }
    td {
      vertical-align: top !important;
    }
  `,
})
export class AuditLogPage extends ListPage<Schemas['AuditEntry'], Filters> {
  protected readonly emptyIcon = mdiClipboardTextClockOutline;

  protected override filters(): Partial<Filters> {
    // The days are those of the times that the page shows: the browser's.
    const { from, to, ...more } = this.query.filters(FILTERS);
    return {
      ...more,
      ...(from && { from: localDayBegins(from) }),
      ...(to && { to: localDayBegins(plusDays(to, 1)) }),
    };
  }

  protected override request(query: PageQuery & Partial<Filters>, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/audit-log', { params: { query }, signal });
  }

  protected setFilter(name: string, event: Event): void {
    this.query.set({ [name]: (event.target as HTMLInputElement).value.trim() });
  }

  protected changes(entry: Schemas['AuditEntry']): readonly Change[] {
    return changes(entry.before, entry.after);
  }
}
