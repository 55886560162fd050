import { Component, computed, inject, resource } from '@angular/core';
import { mdiClipboardTextClockOutline } from '@mdi/js';
import { Api, type Schemas, answer } from '../../core/api';
import { ListQuery } from '../../core/list-query';
import { person } from '../../core/people';
import { localMoment } from '../../core/zone';
import { Empty } from '../../ui/empty';
import { ListCard } from '../../ui/list-card';
import { Page } from '../../ui/page';
import { Search } from '../../ui/search';
import { Sort } from '../../ui/sort';
import { changes } from './changes';

const FILTERS = ['who', 'resource', 'action', 'from', 'to'] as const;

@Component({
  selector: 'cm-audit-log-page',
  imports: [Empty, ListCard, Page, Search, Sort],
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
export class AuditLogPage {
  private readonly http = inject(Api).http;
  protected readonly query = inject(ListQuery);
  protected readonly none = mdiClipboardTextClockOutline;
  private readonly filter = computed(() =>
    Object.fromEntries(FILTERS.map((name) => [name, this.query.get(name)]).filter(([, value]) => value)),
  );
  protected readonly result = resource({
    params: () => ({ ...this.query.query(), ...this.filter() }),
    loader: ({ params, abortSignal }) =>
      answer(this.http.GET('/admin/api/v1/audit-log', { params: { query: params }, signal: abortSignal })),
  });
  protected readonly moment = localMoment;
  protected readonly person = person;

  protected set(name: string, event: Event): void {
    this.query.set({ [name]: (event.target as HTMLInputElement).value.trim() });
  }

  protected changes(entry: Schemas['AuditEntry']): ReturnType<typeof changes> {
    return changes(entry.before, entry.after);
  }
}
