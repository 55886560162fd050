import { Component } from '@angular/core';
import { mdiAccountGroupOutline, mdiPlus } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-user-list',
  imports: [LIST_PAGE, Status],
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
                <th cmSort="name" defaultSort="name">User name</th>
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
                  <td data-label="Role">
                    {{ user.role }}
                    @if (user.source !== 'local') {
                      <small class="muted">by directory</small>
                    }
                  </td>
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
        <cm-empty-state empty [icon]="icons.none" heading="No users yet">
          Make one for each person: what they do then stands in the audit log under their name.
          <a matButton="filled" routerLink="new" action>Make one</a>
        </cm-empty-state>
      </cm-list-card>
    </cm-page>
  `,
})
export class UserList extends ListPage<Schemas['User']> {
  protected readonly icons = { add: mdiPlus, none: mdiAccountGroupOutline };

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/users', { params: { query }, signal });
  }
}
