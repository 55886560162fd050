import { Component } from '@angular/core';
import { mdiCalendarTodayOutline, mdiPlus } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { openTimes, total } from './capacities';

@Component({
  selector: 'cm-daily-schedule-list',
  imports: [LIST_PAGE],
  providers: [ListQuery],
  templateUrl: './daily-schedule-list.html',
})
export class DailyScheduleList extends ListPage<Schemas['DailySchedule']> {
  protected readonly icons = { add: mdiPlus, none: mdiCalendarTodayOutline };
  protected readonly total = total;
  protected readonly openTimes = openTimes;

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/daily-schedules', { params: { query }, signal });
  }
}
