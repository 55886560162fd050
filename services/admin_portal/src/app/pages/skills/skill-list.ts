import { Component } from '@angular/core';
import { mdiHeadset, mdiPlus } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-skill-list',
  imports: [LIST_PAGE, Status],
  providers: [ListQuery],
  template: `
    <cm-page heading="Skills" lead="UCCE’s skill groups that callbacks are booked for, by the names the IVR uses.">
      @if (session.supervisor() && session.allSkills()) {
        <a matButton="filled" routerLink="new" actions><cm-icon [path]="icons.add" /> New skill</a>
      }
      <cm-list-card [result]="result">
        <cm-search tools label="Search by name" />
        @if (result.hasValue()) {
          <table class="list cards">
            <thead>
              <tr>
                <th cmSort="name" defaultSort="name">Name</th>
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
        <cm-empty-state empty [icon]="icons.none" heading="No skills yet">
          Name the first one as the IVR calls it, and give it the id of its skill group in UCCE.
          @if (session.supervisor() && session.allSkills()) {
            <a matButton="filled" routerLink="new" action>Make the first one</a>
          }
        </cm-empty-state>
      </cm-list-card>
    </cm-page>
  `,
})
export class SkillList extends ListPage<Schemas['Skill']> {
  protected readonly icons = { add: mdiPlus, none: mdiHeadset };

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/skills', { params: { query }, signal });
  }
}
