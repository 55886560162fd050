import { Component, computed, effect, inject, input, resource, untracked } from '@angular/core';
import { form, max, maxLength, min, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import { mdiDeleteOutline } from '@mdi/js';
import { Session } from '../../core/session';
import { type Choice, ChoiceField } from '../../ui/choice-field';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { NumberField } from '../../ui/number-field';
import { OneBrake } from '../../ui/one-brake';
import { Page } from '../../ui/page';
import { Removal } from '../../ui/removal';
import { SaveBar } from '../../ui/save-bar';
import { TextField } from '../../ui/text-field';
import { type Editing, warnOnClose } from '../../ui/unsaved';
import { EMPTY_SKILL, SkillStore } from './skill-store';

@Component({
  selector: 'cm-skill-page',
  imports: [ChoiceField, Failure, Icon, MatButton, MatProgressBar, NumberField, OneBrake, Page, SaveBar, TextField],
  template: `
    <cm-page [heading]="id() ? editor.model().name || 'Skill' : 'New skill'" [back]="back">
      @if (id() && session.supervisor()) {
        <button matButton type="button" class="danger" actions (click)="remove()">
          <cm-icon [path]="icon" /> Delete
        </button>
      }
      <cm-failure [error]="editor.error()" />
      @if (editor.loading()) {
        <mat-progress-bar mode="indeterminate" aria-label="Loading" />
      } @else {
        @if (id(); as skill) {
          @if (stored.hasValue()) {
            <cm-one-brake
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
            <cm-text-field label="Name" [field]="f.name" hint="As the IVR calls it." />
            <cm-number-field
              label="UCCE skill group"
              [field]="f.ucceSkillGroupId"
              hint="The number at the end of its address in UCCE: …/skillgroup/5004."
            />
            <cm-choice-field
              label="Default campaign"
              [choices]="campaigns()"
              [field]="f.defaultCampaignId"
              [hint]="campaigns().length > 1 ? 'For bookings that name no campaign.' : 'No campaign serves it yet.'"
            />
            <cm-text-field class="wide" label="Description" [field]="f.description" />
          </section>
          @if (session.supervisor()) {
            <cm-save-bar
              [unsaved]="editor.unsaved()"
              [saving]="editor.saving()"
              [fresh]="!id()"
              (revert)="editor.revert()"
            />
          }
        </form>
      }
    </cm-page>
  `,
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class SkillPage implements Editing {
  private readonly router = inject(Router);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  private readonly store = inject(SkillStore);
  protected readonly session = inject(Session);
  readonly id = input<string>();
  protected readonly editor = this.store.editor();
  protected readonly f = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it the name the IVR uses.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
    maxLength(path.description, 255, { message: 'At most 255 characters.' });
    min(path.ucceSkillGroupId, 1, { message: 'From 1 on.' });
    max(path.ucceSkillGroupId, 2147483647, { message: 'No such id.' });
  });
  protected readonly stored = resource({
    params: () => this.id(),
    loader: ({ params }) => this.store.read(params),
  });
  // Only those that serve it can be its default.
  protected readonly campaigns = computed<readonly Choice[]>(() => [
    { value: '', label: 'None' },
    ...(this.stored.hasValue() ? this.stored.value().campaigns : []).map(({ id, name }) => ({
      value: id,
      label: name,
    })),
  ]);
  protected readonly icon = mdiDeleteOutline;
  protected readonly back = { link: '/skills', label: 'Skills' };

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.editor.open(id, EMPTY_SKILL));
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
    if (!this.id()) await this.router.navigate(['/skills', id], { replaceUrl: true });
  }

  protected async remove(): Promise<void> {
    const gone = await this.removal.ask(`the skill “${this.editor.model().name}”`, () =>
      this.store.remove(this.id() ?? ''),
    );
    if (!gone) return;
    this.editor.revert();
    await this.router.navigateByUrl('/skills');
  }
}
