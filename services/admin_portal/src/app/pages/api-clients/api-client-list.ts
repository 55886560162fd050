import { Component, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiKeyOutline, mdiPlus } from '@mdi/js';
import { Api, answer } from '../../core/api';
import { ListQuery } from '../../core/list-query';
import { person } from '../../core/people';
import { ago } from '../../core/zone';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { ListCard } from '../../ui/list-card';
import { Page } from '../../ui/page';
import { Search } from '../../ui/search';
import { Sort } from '../../ui/sort';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-api-client-list',
  imports: [Empty, Icon, ListCard, MatButton, Page, RouterLink, Search, Sort, Status],
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
                <th cmSort="name" usual="name">Name</th>
                <th>For</th>
                <th>Key ends with</th>
                <th class="num">Requests a second</th>
                <th>State</th>
                <th>Changed</th>
              </tr>
            </thead>
            <tbody>
              @for (client of result.value().items; track client.id) {
                <tr>
                  <td class="main">
                    <a [routerLink]="client.id">{{ client.name }}</a>
                  </td>
                  <td data-label="For">{{ client.scopes.join(', ') }}</td>
                  <td data-label="Key ends with" class="mono">…{{ client.keyHint }}</td>
                  <td data-label="Requests a second" class="num">{{ client.ratePerSecond ?? 'usual' }}</td>
                  <td data-label="State">
                    <cm-status
                      [value]="client.enabled ? 'yes' : 'no'"
                      [label]="client.enabled ? 'active' : 'disabled'"
                    />
                  </td>
                  <td data-label="Changed" class="muted">
                    {{ ago(client.changedAt) }} by {{ person(client.changedBy) }}
                  </td>
                </tr>
              }
            </tbody>
          </table>
        }
        <cm-empty empty [icon]="icons.none" heading="No API clients yet">
          The IVR needs a key to book callbacks. Make one for each IVR application.
          <a matButton="filled" routerLink="new" action>Make the first one</a>
        </cm-empty>
      </cm-list-card>
    </cm-page>
  `,
})
export class ApiClientList {
  private readonly api = inject(Api);
  private readonly query = inject(ListQuery);
  protected readonly icons = { add: mdiPlus, none: mdiKeyOutline };
  protected readonly result = resource({
    params: () => this.query.query(),
    loader: ({ params, abortSignal }) =>
      answer(this.api.http.GET('/admin/api/v1/api-clients', { params: { query: params }, signal: abortSignal })),
  });
  protected readonly ago = ago;
  protected readonly person = person;
}
