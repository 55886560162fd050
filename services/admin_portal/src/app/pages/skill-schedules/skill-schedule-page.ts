import { Component, computed, effect, inject, input, resource, untracked } from '@angular/core';
import { form, required, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router, RouterLink } from '@angular/router';
import { mdiDeleteOutline } from '@mdi/js';
import { Names } from '../../core/names';
import { Session } from '../../core/session';
import { zones } from '../../core/zone';
import { type Choice, ChoiceField } from '../../ui/choice-field';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Removal } from '../../ui/removal';
import { SaveBar } from '../../ui/save-bar';
import { TextField } from '../../ui/text-field';
import { type Editing, warnOnClose } from '../../ui/unsaved';
import { Preview } from './preview';
import { SkillScheduleStore } from './skill-schedule-store';

const DAYS = 14;

@Component({
  selector: 'cm-skill-schedule-page',
  imports: [ChoiceField, Failure, Icon, MatButton, MatProgressBar, Page, Preview, RouterLink, SaveBar, TextField],
  templateUrl: './skill-schedule-page.html',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class SkillSchedulePage implements Editing {
  private readonly router = inject(Router);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  private readonly names = inject(Names);
  private readonly store = inject(SkillScheduleStore);
  protected readonly session = inject(Session);
  readonly id = input<string>();
  /** The skill that a new one is for; from the query. */
  readonly skill = input<string>();
  protected readonly editor = this.store.editor();
  protected readonly zones = zones();
  protected readonly f = form(this.editor.model, (path) => {
    required(path.skillId, { message: 'Choose the skill.' });
    required(path.startsOn, { message: 'Choose the first day.' });
    validate(path.timeZone, ({ value }) =>
      this.zones.includes(value()) || value() === 'UTC'
        ? undefined
        : { kind: 'zone', message: 'Choose a zone of the list, like America/Chicago.' },
    );
  });
  protected readonly skills = resource({ loader: () => this.names.skills(), defaultValue: [] });
  private readonly allCampaigns = resource({ loader: () => this.names.campaigns(), defaultValue: [] });
  private readonly weeks = resource({ loader: () => this.names.weeklySchedules(), defaultValue: [] });
  protected readonly campaigns = computed<readonly Choice[]>(() => [
    { value: '', label: 'All of the skill' },
    ...this.allCampaigns.value(),
  ]);
  protected readonly weeklySchedules = computed<readonly Choice[]>(() => [
    { value: '', label: 'None: closed' },
    ...this.weeks.value(),
  ]);
  protected readonly nothingToAssign = computed(() => !this.weeks.isLoading() && this.weeks.value().length === 0);
  protected readonly skillName = computed(
    () => this.skills.value().find(({ value }) => value === this.editor.model().skillId)?.label,
  );
  /** The pool as it is saved; read anew after a save. */
  protected readonly preview = resource({
    params: () => {
      const { skillId, campaignId } = this.editor.model();
      return skillId ? { skillId, campaignId, saved: this.editor.saving() } : undefined;
    },
    loader: async () => this.store.preview(this.editor.model(), DAYS),
  });
  protected readonly icons = { remove: mdiDeleteOutline };
  protected readonly back = { link: '/skill-schedules', label: 'Skill schedules' };

  constructor() {
    effect(() => {
      const [id, skill] = [this.id(), this.skill()];
      untracked(() => void this.editor.open(id, this.store.fresh(skill ?? '')));
    });
  }

  unsaved(): boolean {
    return this.editor.unsaved();
  }

  protected warn(event: BeforeUnloadEvent): void {
    warnOnClose(event, this);
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const id = await this.editor.save(this.f);
    if (!id) return;
    this.notice.done('Saved.');
    if (!this.id()) await this.router.navigate(['/skill-schedules', id], { replaceUrl: true });
  }

  protected async remove(): Promise<void> {
    const gone = await this.removal.ask('this assignment', () => this.store.remove(this.id() ?? ''));
    if (!gone) return;
    this.editor.revert();
    await this.router.navigateByUrl('/skill-schedules');
  }
}
