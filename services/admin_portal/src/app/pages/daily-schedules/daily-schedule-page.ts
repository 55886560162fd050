import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { RouterLink } from '@angular/router';
import { mdiContentCopy, mdiUndo } from '@mdi/js';
import { EDIT_PAGE, EditPage } from '../../ui/edit-page';
import { type Capacities, clock, fill, openTimes, range, total } from './capacities';
import { CapacityGrid } from './capacity-grid';
import { type DailyScheduleModel, DailyScheduleRepository } from './daily-schedule-repository';

const MAX_UNDO_STEPS = 100;

@Component({
  selector: 'cm-daily-schedule-page',
  imports: [CapacityGrid, EDIT_PAGE, RouterLink],
  templateUrl: './daily-schedule-page.html',
  styleUrl: './daily-schedule-page.scss',
  host: { '(keydown.control.z)': 'undo()', '(keydown.meta.z)': 'undo()' },
})
export class DailySchedulePage extends EditPage<DailyScheduleModel> {
  /** The id of the schedule that a new one is copied from; from the query. */
  readonly copy = input<string>();
  protected override readonly repository = inject(DailyScheduleRepository);
  protected override readonly editor = this.edit(this.repository);
  protected override readonly form = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name, for example “Weekday”.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
  });
  protected readonly readonly = computed(() => !this.session.supervisor());
  protected readonly capacities = computed<Capacities>(() => this.editor.model().capacities);
  protected readonly total = computed(() => total(this.capacities()));
  protected readonly openTimes = computed(() => openTimes(this.capacities()) || 'closed all day');
  protected readonly selection = signal({ anchor: 18, focus: 33 });
  protected readonly selectedRange = computed(() => range(this.selection()));
  protected readonly fillValue = linkedSignal(() => this.capacities()[this.selectedRange().first] ?? 0);
  /** The capacities before each change, the newest last. */
  protected readonly undoSteps = signal<readonly Capacities[]>([]);
  protected readonly times = Array.from({ length: 49 }, (_, at) => ({ at, label: clock(at) }));
  protected readonly icons = { copy: mdiContentCopy, undo: mdiUndo };
  protected override readonly list = { link: '/daily-schedules', label: 'Daily schedules' };

  protected override title(): string {
    return `the daily schedule “${this.editor.model().name}”`;
  }

  protected override prefill(): string | undefined {
    return this.copy();
  }

  protected override async open(id: string | undefined, copiedId: string | undefined): Promise<void> {
    await this.editor.open(id);
    if (!id && copiedId) {
      const { body } = await this.repository.load(copiedId);
      this.editor.model.set({ ...body, name: `${body.name} (copy)` });
    }
  }

  protected override afterSave(): void {
    this.undoSteps.set([]);
  }

  protected change(capacities: Capacities): void {
    this.undoSteps.update((steps) => [...steps.slice(-MAX_UNDO_STEPS), this.capacities()]);
    this.editor.model.update((model) => ({ ...model, capacities: [...capacities] }));
  }

  protected undo(): void {
    const last = this.undoSteps().at(-1);
    if (!last) return;
    this.undoSteps.update((steps) => steps.slice(0, -1));
    this.editor.model.update((model) => ({ ...model, capacities: [...last] }));
  }

  protected selectFrom(event: Event): void {
    const first = Number((event.target as HTMLSelectElement).value);
    this.selection.set({ anchor: first, focus: Math.max(first, this.selectedRange().last) });
  }

  protected selectUntil(event: Event): void {
    const last = Number((event.target as HTMLSelectElement).value) - 1;
    this.selection.set({ anchor: Math.min(this.selectedRange().first, last), focus: last });
  }

  protected fill(): void {
    this.change(fill(this.capacities(), this.selection(), this.fillValue()));
  }
}
