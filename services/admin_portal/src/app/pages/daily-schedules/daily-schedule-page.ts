import { Component, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router, RouterLink } from '@angular/router';
import { mdiContentCopy, mdiDeleteOutline, mdiUndo } from '@mdi/js';
import { Session } from '../../core/session';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Removal } from '../../ui/removal';
import { SaveBar } from '../../ui/save-bar';
import { TextField } from '../../ui/text-field';
import { type Editing, warnOnClose } from '../../ui/unsaved';
import { type Capacities, NOTHING, clock, fill, openTimes, range, total } from './capacities';
import { CapacityGrid } from './capacity-grid';
import { DailyScheduleStore } from './daily-schedule-store';

const STEPS = 100; // of undo

@Component({
  selector: 'cm-daily-schedule-page',
  imports: [CapacityGrid, Failure, Icon, MatButton, MatProgressBar, Page, RouterLink, SaveBar, TextField],
  templateUrl: './daily-schedule-page.html',
  styleUrl: './daily-schedule-page.scss',
  host: { '(window:beforeunload)': 'warn($event)', '(keydown.control.z)': 'undo()', '(keydown.meta.z)': 'undo()' },
})
export class DailySchedulePage implements Editing {
  private readonly router = inject(Router);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  private readonly store = inject(DailyScheduleStore);
  protected readonly session = inject(Session);
  /** From the address; none for a new one. */
  readonly id = input<string>();
  /** The id of the one that a new one starts as a copy of. */
  readonly copy = input<string>();
  protected readonly editor = this.store.editor();
  protected readonly f = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name, for example “Weekday”.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
  });
  protected readonly readonly = computed(() => !this.session.supervisor());
  protected readonly capacities = computed<Capacities>(() => this.editor.model().capacities);
  protected readonly total = computed(() => total(this.capacities()));
  protected readonly open = computed(() => openTimes(this.capacities()) || 'closed all day');
  protected readonly selection = signal({ anchor: 18, focus: 33 });
  protected readonly picked = computed(() => range(this.selection()));
  protected readonly value = linkedSignal(() => this.capacities()[this.picked().first] ?? 0);
  protected readonly past = signal<readonly Capacities[]>([]);
  protected readonly times = Array.from({ length: 49 }, (_, at) => ({ at, label: clock(at) }));
  protected readonly icons = { copy: mdiContentCopy, remove: mdiDeleteOutline, undo: mdiUndo };
  protected readonly back = { link: '/daily-schedules', label: 'Daily schedules' };

  constructor() {
    effect(() => {
      const [id, copy] = [this.id(), this.copy()];
      untracked(() => void this.start(id, copy));
    });
  }

  unsaved(): boolean {
    return this.editor.unsaved();
  }

  protected warn(event: BeforeUnloadEvent): void {
    warnOnClose(event, this);
  }

  protected change(capacities: Capacities): void {
    this.past.update((past) => [...past.slice(-STEPS), this.capacities()]);
    this.editor.model.update((model) => ({ ...model, capacities: [...capacities] }));
  }

  protected undo(): void {
    const last = this.past().at(-1);
    if (!last) return;
    this.past.update((past) => past.slice(0, -1));
    this.editor.model.update((model) => ({ ...model, capacities: [...last] }));
  }

  protected from(event: Event): void {
    const first = Number((event.target as HTMLSelectElement).value);
    this.selection.set({ anchor: first, focus: Math.max(first, this.picked().last) });
  }

  protected until(event: Event): void {
    const last = Number((event.target as HTMLSelectElement).value) - 1;
    this.selection.set({ anchor: Math.min(this.picked().first, last), focus: last });
  }

  protected fill(): void {
    this.change(fill(this.capacities(), this.selection(), this.value()));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const id = await this.editor.save(this.f);
    if (!id) return;
    this.past.set([]);
    this.notice.done('Saved.');
    if (!this.id()) await this.router.navigate(['/daily-schedules', id], { replaceUrl: true });
  }

  protected async remove(): Promise<void> {
    const { name } = this.editor.model();
    const gone = await this.removal.ask(`the daily schedule “${name}”`, () => this.store.remove(this.id() ?? ''));
    if (!gone) return;
    this.editor.revert();
    await this.router.navigateByUrl('/daily-schedules');
  }

  private async start(id: string | undefined, copy: string | undefined): Promise<void> {
    await this.editor.open(id, { name: '', capacities: [...NOTHING] });
    if (!id && copy) {
      const { body } = await this.store.load(copy);
      this.editor.model.set({ ...body, name: `${body.name} (copy)` });
    }
  }
}
