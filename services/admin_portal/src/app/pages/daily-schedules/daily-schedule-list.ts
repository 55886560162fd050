import { Component, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiCalendarTodayOutline, mdiPlus } from '@mdi/js';
import { Api, answer } from '../../core/api';
import { ListQuery } from '../../core/list-query';
import { person } from '../../core/people';
import { Session } from '../../core/session';
import { ago } from '../../core/zone';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { ListCard } from '../../ui/list-card';
import { Page } from '../../ui/page';
import { Search } from '../../ui/search';
import { Sort } from '../../ui/sort';
import { openTimes, total } from './capacities';

@Component({
  selector: 'cm-daily-schedule-list',
  imports: [Empty, Icon, ListCard, MatButton, Page, RouterLink, Search, Sort],
  providers: [ListQuery],
  templateUrl: './daily-schedule-list.html',
})
export class DailyScheduleList {
  private readonly api = inject(Api);
  private readonly query = inject(ListQuery);
  protected readonly session = inject(Session);
  protected readonly icons = { add: mdiPlus, none: mdiCalendarTodayOutline };
  protected readonly result = resource({
    params: () => this.query.query(),
    loader: ({ params, abortSignal }) =>
      answer(this.api.http.GET('/admin/api/v1/daily-schedules', { params: { query: params }, signal: abortSignal })),
  });
  protected readonly total = total;
  protected readonly openTimes = openTimes;
  protected readonly ago = ago;
  protected readonly person = person;
}
