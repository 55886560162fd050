import { Component } from '@angular/core';
import { mdiCalendarClockOutline, mdiPlus } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { dayName } from '../../core/date-time';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-skill-schedule-list',
  imports: [LIST_PAGE, Status],
  providers: [ListQuery],
  templateUrl: './skill-schedule-list.html',
})
export class SkillScheduleList extends ListPage<Schemas['SkillSchedule']> {
  protected readonly icons = { add: mdiPlus, none: mdiCalendarClockOutline };
  protected readonly dayName = dayName;

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/skill-schedules', { params: { query }, signal });
  }
}
