import { Component, computed, effect, inject, input, resource, untracked } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router, RouterLink } from '@angular/router';
import { mdiDeleteOutline } from '@mdi/js';
import { Session } from '../../core/session';
import type { Choice } from '../../ui/choice-field';
import { ChoiceField } from '../../ui/choice-field';
import { Failure } from '../../ui/failure';
import { HeatMap, type HeatRow } from '../../ui/heat-map';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Removal } from '../../ui/removal';
import { SaveBar } from '../../ui/save-bar';
import { TextField } from '../../ui/text-field';
import { type Editing, warnOnClose } from '../../ui/unsaved';
import { DAYS, EMPTY_WEEK, dayId, dayLabel } from './week';
import { WeeklyScheduleStore } from './weekly-schedule-store';

const CLOSED: readonly number[] = new Array<number>(48).fill(0);

@Component({
  selector: 'cm-weekly-schedule-page',
  imports: [ChoiceField, Failure, HeatMap, Icon, MatButton, MatProgressBar, Page, RouterLink, SaveBar, TextField],
  templateUrl: './weekly-schedule-page.html',
  styleUrl: './weekly-schedule-page.scss',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class WeeklySchedulePage implements Editing {
  private readonly router = inject(Router);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  private readonly store = inject(WeeklyScheduleStore);
  protected readonly session = inject(Session);
  readonly id = input<string>();
  protected readonly editor = this.store.editor();
  protected readonly f = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name, for example “Office week”.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
  });
  protected readonly days = resource({ loader: () => this.store.dailySchedules() });
  protected readonly choices = computed<readonly Choice[]>(() => [
    { value: '', label: 'Closed' },
    ...(this.days.hasValue() ? this.days.value() : []).map(({ id, name }) => ({ value: id, label: name })),
  ]);
  protected readonly rows = computed<readonly HeatRow[]>(() => {
    const known = new Map((this.days.hasValue() ? this.days.value() : []).map((day) => [day.id, day]));
    const model = this.editor.model();
    return DAYS.map((day, at) => {
      const schedule = known.get(model[dayId(at)]);
      return { label: dayLabel(day), note: schedule?.name ?? 'Closed', values: schedule?.capacities ?? CLOSED };
    });
  });
  protected readonly total = computed(() =>
    this.rows().reduce((sum, { values }) => sum + values.reduce((of, value) => of + value, 0), 0),
  );
  protected readonly weekdays = DAYS.map((day, at) => ({ id: dayId(at), label: dayLabel(day) }));
  protected readonly icons = { remove: mdiDeleteOutline };
  protected readonly back = { link: '/weekly-schedules', label: 'Weekly schedules' };

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.editor.open(id, { name: '', ...EMPTY_WEEK }));
    });
  }

  unsaved(): boolean {
    return this.editor.unsaved();
  }

  protected warn(event: BeforeUnloadEvent): void {
    warnOnClose(event, this);
  }

  /** Monday's choice for Tuesday to Friday too: the commonest week in two clicks. */
  protected spread(): void {
    this.editor.model.update((model) => {
      const { mondayId: id } = model;
      return { ...model, tuesdayId: id, wednesdayId: id, thursdayId: id, fridayId: id };
    });
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const id = await this.editor.save(this.f);
    if (!id) return;
    this.notice.done('Saved.');
    if (!this.id()) await this.router.navigate(['/weekly-schedules', id], { replaceUrl: true });
  }

  protected async remove(): Promise<void> {
    const { name } = this.editor.model();
    const gone = await this.removal.ask(`the weekly schedule “${name}”`, () => this.store.remove(this.id() ?? ''));
    if (!gone) return;
    this.editor.revert();
    await this.router.navigateByUrl('/weekly-schedules');
  }
}
