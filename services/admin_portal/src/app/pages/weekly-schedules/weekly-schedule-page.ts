import { Component, computed, inject, resource } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { RouterLink } from '@angular/router';
import { choiceSource, namedChoices } from '../../core/choices';
import { EDIT_PAGE, EditPage } from '../../ui/edit-page';
import { HeatMap, type HeatRow } from '../../ui/heat-map';
import { DAYS, dayId, dayLabel } from './week';
import { type WeeklyScheduleModel, WeeklyScheduleRepository } from './weekly-schedule-repository';

const CLOSED: readonly number[] = new Array<number>(48).fill(0);

@Component({
  selector: 'cm-weekly-schedule-page',
  imports: [EDIT_PAGE, HeatMap, RouterLink],
  templateUrl: './weekly-schedule-page.html',
  styleUrl: './weekly-schedule-page.scss',
})
export class WeeklySchedulePage extends EditPage<WeeklyScheduleModel> {
  protected override readonly repository = inject(WeeklyScheduleRepository);
  protected override readonly editor = this.edit(this.repository);
  protected override readonly form = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name, for example “Office week”.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
  });
  private readonly dailySchedules = resource({ loader: () => this.repository.dailySchedules() });
  protected readonly choices = choiceSource(this.dailySchedules, namedChoices);
  protected readonly rows = computed<readonly HeatRow[]>(() => {
    const schedules = this.dailySchedules.hasValue() ? this.dailySchedules.value() : [];
    const byId = new Map(schedules.map((schedule) => [schedule.id, schedule]));
    const model = this.editor.model();
    return DAYS.map((day, at) => {
      const schedule = byId.get(model[dayId(at)]);
      return { label: dayLabel(day), note: schedule?.name ?? 'Closed', values: schedule?.capacities ?? CLOSED };
    });
  });
  protected readonly total = computed(() =>
    this.rows().reduce((sum, { values }) => sum + values.reduce((daySum, value) => daySum + value, 0), 0),
  );
  protected readonly weekdays = DAYS.map((day, at) => ({ id: dayId(at), label: dayLabel(day) }));
  protected override readonly list = { link: '/weekly-schedules', label: 'Weekly schedules' };

  protected override title(): string {
    return `the weekly schedule “${this.editor.model().name}”`;
  }

  /** Sets Monday's schedule for Tuesday to Friday. */
  protected copyMonday(): void {
    this.editor.model.update((model) => {
      const { mondayId: id } = model;
      return { ...model, tuesdayId: id, wednesdayId: id, thursdayId: id, fridayId: id };
    });
  }
}
