import { Component, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiHeadset, mdiPlus } from '@mdi/js';
import { Api, answer } from '../../core/api';
import { ListQuery } from '../../core/list-query';
import { Session } from '../../core/session';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { ListCard } from '../../ui/list-card';
import { Page } from '../../ui/page';
import { Search } from '../../ui/search';
import { Sort } from '../../ui/sort';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-skill-list',
  imports: [Empty, Icon, ListCard, MatButton, Page, RouterLink, Search, Sort, Status],
  providers: [ListQuery],
  template: `
    <cm-page heading="Skills" lead="UCCE’s skill groups that callbacks are booked for, by the names the IVR uses.">
      @if (session.supervisor()) {
        <a matButton="filled" routerLink="new" actions><cm-icon [path]="icons.add" /> New skill</a>
      }
      <cm-list-card [result]="result">
        <cm-search tools label="Search by name" />
        @if (result.hasValue()) {
          <table class="list cards">
            <thead>
              <tr>
                <th cmSort="name" usual="name">Name</th>
                <th>UCCE skill group</th>
                <th>Default campaign</th>
                <th>Schedule</th>
                <th>Bookings</th>
              </tr>
            </thead>
            <tbody>
              @for (skill of result.value().items; track skill.id) {
                <tr>
                  <td class="main">
                    <a [routerLink]="skill.id">{{ skill.name }}</a>
                    <div class="muted small">{{ skill.description }}</div>
                  </td>
                  <td data-label="UCCE skill group">{{ skill.ucceSkillGroupId ?? '–' }}</td>
                  <td data-label="Default campaign">{{ skill.defaultCampaign ?? '–' }}</td>
                  <td data-label="Schedule">
                    @if (skill.hasSchedule) {
                      <a routerLink="/skill-schedules" [queryParams]="{ q: skill.name }">yes</a>
                    } @else {
                      <a class="warn" routerLink="/skill-schedules/new" [queryParams]="{ skill: skill.id }"
                        >none: assign one</a
                      >
                    }
                  </td>
                  <td data-label="Bookings">
                    <cm-status
                      [value]="skill.acceptsBookings ? 'yes' : 'error'"
                      [label]="skill.acceptsBookings ? 'open' : 'stopped'"
                    />
                  </td>
                </tr>
              }
            </tbody>
          </table>
        }
        <cm-empty empty [icon]="icons.none" heading="No skills yet">
          Name the first one as the IVR calls it, and give it the id of its skill group in UCCE.
          @if (session.supervisor()) {
            <a matButton="filled" routerLink="new" action>Make the first one</a>
          }
        </cm-empty>
      </cm-list-card>
    </cm-page>
  `,
})
export class SkillList {
  private readonly api = inject(Api);
  private readonly query = inject(ListQuery);
  protected readonly session = inject(Session);
  protected readonly icons = { add: mdiPlus, none: mdiHeadset };
  protected readonly result = resource({
    params: () => this.query.query(),
    loader: ({ params, abortSignal }) =>
      answer(this.api.http.GET('/admin/api/v1/skills', { params: { query: params }, signal: abortSignal })),
  });
}
