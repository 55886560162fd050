import { Component } from '@angular/core';
import { mdiClipboardTextClockOutline } from '@mdi/js';
import type { Schemas } from '../../core/api';
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
    return this.query.filters(FILTERS);
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
