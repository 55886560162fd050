import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiCalendarWeekOutline, mdiPlus } from '@mdi/js';
import { Api, type Schemas, answer } from '../../core/api';
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
import { DAYS, dayId, weekInWords } from './week';
import { WeeklyScheduleStore } from './weekly-schedule-store';

@Component({
  selector: 'cm-weekly-schedule-list',
  imports: [Empty, Icon, ListCard, MatButton, Page, RouterLink, Search, Sort],
  providers: [ListQuery],
  templateUrl: './weekly-schedule-list.html',
})
export class WeeklyScheduleList {
  private readonly api = inject(Api);
  private readonly store = inject(WeeklyScheduleStore);
  private readonly query = inject(ListQuery);
  protected readonly session = inject(Session);
  protected readonly icons = { add: mdiPlus, none: mdiCalendarWeekOutline };
  protected readonly result = resource({
    params: () => this.query.query(),
    loader: ({ params, abortSignal }) =>
      answer(this.api.http.GET('/admin/api/v1/weekly-schedules', { params: { query: params }, signal: abortSignal })),
  });
  private readonly days = resource({ loader: () => this.store.dailySchedules() });
  private readonly byId = computed(
    () => new Map((this.days.hasValue() ? this.days.value() : []).map((day) => [day.id, day])),
  );
  protected readonly ago = ago;
  protected readonly person = person;

  protected words(week: Schemas['WeeklySchedule']): string {
    return weekInWords(week, (id) => this.byId().get(id)?.name ?? '…') || 'closed all week';
  }

  protected places(week: Schemas['WeeklySchedule']): number {
    const of = (id: string | null): number =>
      (this.byId().get(id ?? '')?.capacities ?? []).reduce((sum, capacity) => sum + capacity, 0);
    return DAYS.reduce((sum, _, at) => sum + of(week[dayId(at)]), 0);
  }
}
