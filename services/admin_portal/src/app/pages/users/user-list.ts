import { Component, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiAccountGroupOutline, mdiPlus } from '@mdi/js';
import { Api, answer } from '../../core/api';
import { ListQuery } from '../../core/list-query';
import { ago } from '../../core/zone';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { ListCard } from '../../ui/list-card';
import { Page } from '../../ui/page';
import { Search } from '../../ui/search';
import { Sort } from '../../ui/sort';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-user-list',
  imports: [Empty, Icon, ListCard, MatButton, Page, RouterLink, Search, Sort, Status],
  providers: [ListQuery],
  template: `
    <cm-page heading="Users" lead="Who may work in this portal, and how far.">
      <a matButton="filled" routerLink="new" actions><cm-icon [path]="icons.add" /> New user</a>
      <cm-list-card [result]="result">
        <cm-search tools label="Search by name" />
        @if (result.hasValue()) {
          <table class="list cards">
            <thead>
              <tr>
                <th cmSort="name" usual="name">User name</th>
                <th cmSort="displayName">Name</th>
                <th cmSort="role">Role</th>
                <th>State</th>
                <th cmSort="lastLoginAt">Last sign-in</th>
              </tr>
            </thead>
            <tbody>
              @for (user of result.value().items; track user.id) {
                <tr>
                  <td class="main">
                    <a [routerLink]="user.id">{{ user.name }}</a>
                  </td>
                  <td data-label="Name">{{ user.displayName }}</td>
                  <td data-label="Role">{{ user.role }}</td>
                  <td data-label="State">
                    @if (user.locked) {
                      <cm-status value="locked" />
                    } @else {
                      <cm-status [value]="user.enabled ? 'yes' : 'no'" [label]="user.enabled ? 'active' : 'disabled'" />
                    }
                  </td>
                  <td data-label="Last sign-in" class="muted">
                    {{ user.lastLoginAt ? ago(user.lastLoginAt) : 'never' }}
                  </td>
                </tr>
              }
            </tbody>
          </table>
        }
        <cm-empty empty [icon]="icons.none" heading="No users yet">
          Make one for each person: what they do then stands in the audit log under their name.
          <a matButton="filled" routerLink="new" action>Make one</a>
        </cm-empty>
      </cm-list-card>
    </cm-page>
  `,
})
export class UserList {
  private readonly api = inject(Api);
  private readonly query = inject(ListQuery);
  protected readonly icons = { add: mdiPlus, none: mdiAccountGroupOutline };
  protected readonly result = resource({
    params: () => this.query.query(),
    loader: ({ params, abortSignal }) =>
      answer(this.api.http.GET('/admin/api/v1/users', { params: { query: params }, signal: abortSignal })),
  });
  protected readonly ago = ago;
}
