import { Component } from '@angular/core';
import { mdiKeyOutline, mdiPlus } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { Status } from '../../ui/status';
import { scopesLabel } from './scopes';

@Component({
  selector: 'cm-api-client-list',
  imports: [LIST_PAGE, Status],
  providers: [ListQuery],
  template: `
    <cm-page
      heading="API clients"
      lead="What calls the booking API and the operators’ calls, each with a key of its own."
    >
      <a matButton="filled" routerLink="new" actions><cm-icon [path]="icons.add" /> New API client</a>
      <cm-list-card [result]="result">
        <cm-search tools label="Search by name" />
        @if (result.hasValue()) {
          <table class="list cards">
            <thead>
              <tr>
                <th cmSort="name" defaultSort="name">Name</th>
                <th>For</th>
                <th>Key ends with</th>
                <th class="num">Requests a second</th>
                <th>State</th>
                <th>Last used</th>
                <th>Changed</th>
              </tr>
            </thead>
            <tbody>
              @for (client of result.value().items; track client.id) {
                <tr>
                  <td class="main">
                    <a [routerLink]="client.id">{{ client.name }}</a>
                  </td>
                  <td data-label="For">{{ scopesLabel(client.scopes) }}</td>
                  <td data-label="Key ends with" class="mono">…{{ client.keyHint }}</td>
                  <td data-label="Requests a second" class="num">{{ client.ratePerSecond ?? 'usual' }}</td>
                  <td data-label="State">
                    <cm-status
                      [value]="client.enabled ? 'yes' : 'no'"
                      [label]="client.enabled ? 'active' : 'disabled'"
                    />
                  </td>
                  <td data-label="Last used" class="muted">
                    @if (client.previousKey) {
                      <cm-status value="pending" label="two keys" />
                    }
                    {{ client.lastUsedAt ? ago(client.lastUsedAt) : 'never' }}
                  </td>
                  <td data-label="Changed" class="muted">
                    {{ ago(client.changedAt) }} by {{ actorName(client.changedBy) }}
                  </td>
                </tr>
              }
            </tbody>
          </table>
        }
        <cm-empty-state empty [icon]="icons.none" heading="No API clients yet">
          The IVR needs a key to book callbacks. Make one for each IVR application.
          <a matButton="filled" routerLink="new" action>Make the first one</a>
        </cm-empty-state>
      </cm-list-card>
    </cm-page>
  `,
})
export class ApiClientList extends ListPage<Schemas['ApiClient']> {
  protected readonly icons = { add: mdiPlus, none: mdiKeyOutline };
  protected readonly scopesLabel = scopesLabel;

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/api-clients', { params: { query }, signal });
  }
}
