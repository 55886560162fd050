import { Component, inject, resource } from '@angular/core';
import { form, max, maxLength, min, required } from '@angular/forms/signals';
import { choiceSource, namedChoices } from '../../core/choices';
import { BrakeToggle } from '../../ui/brake-toggle';
import { EDIT_PAGE, EditPage } from '../../ui/edit-page';
import { NumberField } from '../../ui/number-field';
import { type SkillModel, SkillRepository } from './skill-repository';

@Component({
  selector: 'cm-skill-page',
  imports: [BrakeToggle, EDIT_PAGE, NumberField],
  template: `
    <cm-page [heading]="id() ? editor.model().name || 'Skill' : 'New skill'" [back]="list">
      @if (id() && editor.opened() && session.supervisor()) {
        <button matButton type="button" class="danger" actions (click)="remove()">
          <cm-icon [path]="deleteIcon" /> Delete
        </button>
      }
      <cm-error-banner [error]="editor.error()" />
      @if (editor.loading()) {
        <mat-progress-bar mode="indeterminate" aria-label="Loading" />
      } @else if (editor.opened()) {
        @if (id(); as skill) {
          @if (stored.hasValue()) {
            <cm-brake-toggle
              class="card"
              kind="skill"
              [id]="skill"
              [on]="stored.value().acceptsBookings"
              (changed)="stored.reload()"
            />
          }
        }
        <form class="stack" (submit)="save($event)" novalidate>
          <section class="card fields">
            <cm-text-field label="Name" [field]="form.name" hint="As the IVR calls it." />
            <cm-number-field
              label="UCCE skill group"
              [field]="form.ucceSkillGroupId"
              hint="The number at the end of its address in UCCE: …/skillgroup/5004."
            />
            <cm-choice-field
              label="Default campaign"
              none="None"
              [choices]="campaigns"
              [field]="form.defaultCampaignId"
              [hint]="
                campaigns.choices()?.length ? 'For bookings that name no campaign.' : 'No campaign serves it yet.'
              "
            />
            <cm-text-field class="wide" label="Description" [field]="form.description" />
          </section>
          @if (session.supervisor()) {
            <cm-save-bar [editor]="editor" [isNew]="!id()" />
          }
        </form>
      }
    </cm-page>
  `,
})
export class SkillPage extends EditPage<SkillModel> {
  protected override readonly repository = inject(SkillRepository);
  protected override readonly editor = this.edit(this.repository);
  protected override readonly form = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it the name the IVR uses.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
    maxLength(path.description, 255, { message: 'At most 255 characters.' });
    min(path.ucceSkillGroupId, 1, { message: 'From 1 on.' });
    max(path.ucceSkillGroupId, 2147483647, { message: 'No such id.' });
  });
  protected readonly stored = resource({
    params: () => this.id(),
    loader: ({ params }) => this.repository.read(params),
  });
  /** The campaigns that serve the skill: only one of them can be its default. */
  protected readonly campaigns = choiceSource(this.stored, (skill) => namedChoices(skill.campaigns));
  protected override readonly list = { link: '/skills', label: 'Skills' };

  protected override title(): string {
    return `the skill “${this.editor.model().name}”`;
  }
}
