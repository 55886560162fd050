import { Component, computed, effect, inject, input, resource, signal, untracked } from '@angular/core';
import {
  applyEach,
  form,
  hidden,
  max,
  maxLength,
  min,
  pattern,
  required,
  validate,
  validateTree,
} from '@angular/forms/signals';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import { mdiDeleteOutline, mdiPlus } from '@mdi/js';
import { Names } from '../../core/names';
import { Session } from '../../core/session';
import { ChoiceField } from '../../ui/choice-field';
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
import {
  type CampaignModel,
  NEW_SKILL,
  type Parameter,
  UCCE_ATTEMPTS,
  byUcce,
  isRetry,
  isSent,
  toIvr,
  usesIvr,
} from './campaign-model';
import { CampaignStore } from './campaign-store';
import { CampaignSync } from './campaign-sync';
import { ParameterField } from './parameter-field';

const OPEN = new Set(['dialing', 'window']); // the groups that people look for

@Component({
  selector: 'cm-campaign-page',
  imports: [
    CampaignSync,
    ChoiceField,
    Failure,
    Icon,
    MatButton,
    MatIconButton,
    MatProgressBar,
    NumberField,
    OneBrake,
    Page,
    ParameterField,
    SaveBar,
    TextField,
  ],
  templateUrl: './campaign-page.html',
  styleUrl: './campaign-page.scss',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class CampaignPage implements Editing {
  private readonly router = inject(Router);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  private readonly names = inject(Names);
  private readonly store = inject(CampaignStore);
  protected readonly session = inject(Session);
  readonly id = input<string>();
  protected readonly editor = this.store.editor();
  protected readonly f = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name.' });
    pattern(path.name, /^[A-Za-z0-9][A-Za-z0-9._]{0,31}$/, {
      message: 'UCCE takes at most 32 letters, digits, . and _, beginning with a letter or digit.',
    });
    maxLength(path.description, 255, { message: 'At most 255 characters.' });
    hidden(path.maxAttempts, { when: ({ valueOf }) => valueOf(path.retriesBy) === 'ucce' });
    required(path.maxAttempts, { message: 'From 1 to 20.' });
    min(path.maxAttempts, 1, { message: 'From 1 to 20.' });
    max(path.maxAttempts, 20, { message: 'From 1 to 20.' });
    pattern(path.dialRegion, /^[A-Za-z]{2}$/, { message: 'Two letters, like US.' });
    applyEach(path.skills, (skill) => {
      required(skill.skillId, { message: 'Choose a skill.' });
      pattern(skill.dialedNumber, /^[A-Za-z0-9._]{1,10}$/, { message: 'At most 10 letters, digits, . and _.' });
      required(skill.ivrRoutePoint, {
        message: 'Where should the IVR get the call?',
        when: ({ valueOf }) => usesIvr({ texts: valueOf(path.texts) }),
      });
      maxLength(skill.ivrRoutePoint, 32, { message: 'At most 32 characters.' });
      maxLength(skill.abandonedRoutePoint, 10, { message: 'At most 10 characters.' });
      validate(skill.ivrPorts, ({ value, valueOf }) => {
        const least = toIvr({ texts: valueOf(path.texts) }) ? 1 : 0;
        const ports = value() ?? 0;
        return ports >= least && ports <= 10_000
          ? undefined
          : { kind: 'range', message: least ? 'At least 1: with 0 UCCE dials none.' : 'From 0 to 10,000.' };
      });
    });
    validateTree(path, ({ value, fieldTree }) => {
      const numbers = fieldTree.numbers as unknown as Record<string, typeof fieldTree>;
      return this.store
        .table()
        .parameters.filter((parameter) => isSent(parameter, value()))
        .filter((parameter) => outside(parameter, value().numbers[parameter.name], byUcce(value())))
        .map(({ name, minimum, maximum }) => ({
          kind: 'range',
          message: `From ${minimum} to ${maximum}.`,
          fieldTree: numbers[name],
        }));
    });
  });
  protected readonly ready = signal(false);
  protected readonly skills = resource({ loader: () => this.names.skills(), defaultValue: [] });
  protected readonly running = resource({
    params: () => this.id(),
    loader: ({ params }) => this.store.handsOver(params),
  });
  protected readonly groups = computed(() => {
    const groups = new Map<string, Parameter[]>();
    for (const parameter of this.store.table().parameters) {
      if (!isSent(parameter, this.editor.model()) || (this.byUcce() && isRetry(parameter))) continue;
      groups.set(parameter.group, [...(groups.get(parameter.group) ?? []), parameter]);
    }
    return [...groups].map(([name, parameters]) => ({ name, parameters, open: OPEN.has(name) }));
  });
  protected readonly usesIvr = computed(() => usesIvr(this.editor.model()));
  protected readonly byUcce = computed(() => byUcce(this.editor.model()));
  protected readonly retryable = computed(() => this.store.table().retryable);
  protected readonly usualDelay = computed(() => this.store.table().defaultDelay);
  protected readonly ucceRetries = computed(() => this.store.table().parameters.filter(isRetry));
  protected readonly owners = [
    { value: 'us', label: 'We do: by result, within the promised time' },
    { value: 'ucce', label: 'UCCE does: by its own attempts and delays' },
  ];
  protected readonly saves = signal(0);
  protected readonly yesNo = [
    { value: 'yes', label: 'Enabled: takes bookings, UCCE dials' },
    { value: 'no', label: 'Disabled' },
  ];
  protected readonly forms = [
    { value: 'national', label: 'National digits' },
    { value: 'international', label: 'International digits' },
  ];
  protected readonly icons = { remove: mdiDeleteOutline, add: mdiPlus };
  protected readonly back = { link: '/campaigns', label: 'Campaigns' };

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.start(id));
    });
  }

  unsaved(): boolean {
    return this.ready() && this.editor.unsaved();
  }

  protected warn(event: BeforeUnloadEvent): void {
    warnOnClose(event, this);
  }

  protected addSkill(): void {
    this.change(({ skills }) => ({ skills: [...skills, { ...NEW_SKILL }] }));
  }

  protected removeSkill(index: number): void {
    this.change(({ skills }) => ({ skills: skills.filter((_, at) => at !== index) }));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const id = await this.editor.save(this.f);
    if (!id) return;
    this.notice.done('Saved. The master brings UCCE to it.');
    this.saves.update((count) => count + 1);
    if (!this.id()) await this.router.navigate(['/campaigns', id], { replaceUrl: true });
  }

  /** Its version is another one now; what was changed and not saved yet stays for the conflict to tell. */
  protected async reopen(id: string): Promise<void> {
    if (!this.editor.unsaved()) await this.editor.open(id);
  }

  protected async remove(): Promise<void> {
    const { name } = this.editor.model();
    const gone = await this.removal.ask(`the campaign “${name}”`, () => this.store.remove(this.id() ?? ''));
    if (!gone) return;
    this.editor.revert();
    await this.router.navigateByUrl('/campaigns');
  }

  private change(part: (model: CampaignModel) => Partial<CampaignModel>): void {
    this.editor.model.update((model) => ({ ...model, ...part(model) }));
  }

  private async start(id: string | undefined): Promise<void> {
    try {
      await this.store.prepare();
    } catch {
      // The page's own request tells the same error, and offers to repeat it.
    }
    await this.editor.open(id, this.store.fresh());
    this.ready.set(true);
  }
}

/** Also where UCCE retries and is not told how often. */
function outside({ name, minimum, maximum }: Parameter, value: number | null | undefined, byUcce: boolean): boolean {
  if (value === null || value === undefined) return byUcce && name === UCCE_ATTEMPTS;
  return (minimum !== null && value < minimum) || (maximum !== null && value > maximum);
}
