import { Component, computed, inject, input, resource } from '@angular/core';
import { form, required, validate } from '@angular/forms/signals';
import { RouterLink } from '@angular/router';
import { Lookups } from '../../core/lookups';
import { EDIT_PAGE, EditPage } from '../../ui/edit-page';
import { SchedulePreview } from './schedule-preview';
import { type SkillScheduleModel, SkillScheduleRepository } from './skill-schedule-repository';

const PREVIEW_DAYS = 14;

@Component({
  selector: 'cm-skill-schedule-page',
  imports: [EDIT_PAGE, RouterLink, SchedulePreview],
  templateUrl: './skill-schedule-page.html',
})
export class SkillSchedulePage extends EditPage<SkillScheduleModel> {
  private readonly lookups = inject(Lookups);
  /** The skill of a new one; from the query. */
  readonly skill = input<string>();
  protected override readonly repository = inject(SkillScheduleRepository);
  protected override readonly editor = this.edit(this.repository);
  private readonly zones = this.lookups.timeZones();
  protected readonly timeZones = computed(() => (this.zones.hasValue() ? this.zones.value() : []));
  protected override readonly form = form(this.editor.model, (path) => {
    required(path.skillId, { message: 'Choose the skill.' });
    required(path.startsOn, { message: 'Choose the first day.' });
    validate(path.timeZone, ({ value }) =>
      this.timeZones().length === 0 || this.timeZones().includes(value())
        ? undefined
        : { kind: 'zone', message: 'Choose a zone of the list, like America/Chicago.' },
    );
  });
  protected readonly skills = this.lookups.skills();
  protected readonly campaigns = this.lookups.campaigns();
  protected readonly weeklySchedules = this.lookups.weeklySchedules();
  protected readonly skillName = computed(
    () => this.skills.choices()?.find(({ value }) => value === this.editor.model().skillId)?.label,
  );
  /** The slots by the saved schedules; read again after a save. */
  protected readonly preview = resource({
    params: () => {
      const { skillId, campaignId } = this.editor.model();
      return skillId ? { skillId, campaignId, saving: this.editor.saving() } : undefined;
    },
    loader: async () => this.repository.preview(this.editor.model(), PREVIEW_DAYS),
  });
  protected override readonly list = { link: '/skill-schedules', label: 'Skill schedules' };

  protected override title(): string {
    return 'this assignment';
  }

  protected override prefill(): string | undefined {
    return this.skill();
  }

  protected override async open(id: string | undefined, skillId: string | undefined): Promise<void> {
    await this.editor.open(id, this.repository.blank(skillId));
  }
}
