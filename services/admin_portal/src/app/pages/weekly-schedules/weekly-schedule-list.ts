import { Component, computed, inject, resource } from '@angular/core';
import { mdiCalendarWeekOutline, mdiPlus } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { DAYS, dayId, weekSummary } from './week';
import { WeeklyScheduleRepository } from './weekly-schedule-repository';

@Component({
  selector: 'cm-weekly-schedule-list',
  imports: [LIST_PAGE],
  providers: [ListQuery],
  templateUrl: './weekly-schedule-list.html',
})
export class WeeklyScheduleList extends ListPage<Schemas['WeeklySchedule']> {
  private readonly repository = inject(WeeklyScheduleRepository);
  protected readonly icons = { add: mdiPlus, none: mdiCalendarWeekOutline };
  private readonly dailySchedules = resource({ loader: () => this.repository.dailySchedules() });
  private readonly byId = computed(
    () => new Map((this.dailySchedules.hasValue() ? this.dailySchedules.value() : []).map((day) => [day.id, day])),
  );

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/weekly-schedules', { params: { query }, signal });
  }

  protected summary(week: Schemas['WeeklySchedule']): string {
    return weekSummary(week, (id) => this.byId().get(id)?.name ?? '…') || 'closed all week';
  }

  protected places(week: Schemas['WeeklySchedule']): number {
    const ofDay = (id: string | null): number =>
      (this.byId().get(id ?? '')?.capacities ?? []).reduce((sum, capacity) => sum + capacity, 0);
    return DAYS.reduce((sum, _, at) => sum + ofDay(week[dayId(at)]), 0);
  }
}
