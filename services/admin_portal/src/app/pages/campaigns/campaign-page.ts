import { Component, computed, inject, resource, signal } from '@angular/core';
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
import { MatIconButton } from '@angular/material/button';
import { mdiPlus } from '@mdi/js';
import { Lookups } from '../../core/lookups';
import { BrakeToggle } from '../../ui/brake-toggle';
import { EDIT_PAGE, EditPage } from '../../ui/edit-page';
import { NumberField } from '../../ui/number-field';
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
import { CampaignRepository } from './campaign-repository';
import { CampaignSync } from './campaign-sync';
import { ParameterField } from './parameter-field';

const EXPANDED_GROUPS = new Set(['dialing', 'window']); // the parameters that are changed most often

@Component({
  selector: 'cm-campaign-page',
  imports: [BrakeToggle, CampaignSync, EDIT_PAGE, MatIconButton, NumberField, ParameterField],
  templateUrl: './campaign-page.html',
  styleUrl: './campaign-page.scss',
})
export class CampaignPage extends EditPage<CampaignModel> {
  protected override readonly repository = inject(CampaignRepository);
  protected override readonly editor = this.edit(this.repository);
  protected override readonly form = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name.' });
    pattern(path.name, /^[A-Za-z0-9][A-Za-z0-9._]{0,31}$/, {
      message: 'UCCE takes at most 32 letters, digits, . and _, beginning with a letter or digit.',
    });
    maxLength(path.description, 255, { message: 'At most 255 characters.' });
    hidden(path.maxAttempts, { when: ({ valueOf }) => valueOf(path.retriesBy) === 'ucce' });
    required(path.maxAttempts, { message: 'From 1 to 20.' });
    min(path.maxAttempts, 1, { message: 'From 1 to 20.' });
    max(path.maxAttempts, 20, { message: 'From 1 to 20.' });
    required(path.agentWaitMinutes, { message: 'From 0 to 60.' });
    min(path.agentWaitMinutes, 0, { message: 'From 0 to 60.' });
    max(path.agentWaitMinutes, 60, { message: 'From 0 to 60.' });
    const time = 'A time like 08:00, from 00:00 on.';
    required(path.callingHoursStart, { message: time });
    pattern(path.callingHoursStart, /^([01]\d|2[0-3]):[0-5]\d$/, { message: time });
    required(path.callingHoursEnd, { message: 'A time like 21:00, 24:00 at the latest.' });
    pattern(path.callingHoursEnd, /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
      message: 'A time like 21:00, 24:00 at the latest.',
    });
    validate(path.callingHoursEnd, ({ value, valueOf }) =>
      value() > valueOf(path.callingHoursStart) ? undefined : { kind: 'order', message: 'Later than the start.' },
    );
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
      return this.repository
        .table()
        .parameters.filter((parameter) => isSent(parameter, value()))
        .filter((parameter) => outOfRange(parameter, value().numbers[parameter.name], byUcce(value())))
        .map(({ name, minimum, maximum }) => ({
          kind: 'range',
          message: `From ${minimum} to ${maximum}.`,
          fieldTree: numbers[name],
        }));
    });
  });
  /** Without the table of parameters there is no form to show. */
  protected readonly tableLoaded = signal(false);
  protected readonly skills = inject(Lookups).skills();
  protected readonly handsOver = resource({
    params: () => this.id(),
    loader: ({ params }) => this.repository.handsOver(params),
  });
  protected readonly groups = computed(() => {
    const groups = new Map<string, Parameter[]>();
    for (const parameter of this.repository.table().parameters) {
      if (!isSent(parameter, this.editor.model()) || (this.byUcce() && isRetry(parameter))) continue;
      groups.set(parameter.group, [...(groups.get(parameter.group) ?? []), parameter]);
    }
    return [...groups].map(([name, parameters]) => ({ name, parameters, open: EXPANDED_GROUPS.has(name) }));
  });
  protected readonly usesIvr = computed(() => usesIvr(this.editor.model()));
  protected readonly byUcce = computed(() => byUcce(this.editor.model()));
  protected readonly retryable = computed(() => this.repository.table().retryable);
  protected readonly defaultDelay = computed(() => this.repository.table().defaultDelay);
  protected readonly ucceRetries = computed(() => this.repository.table().parameters.filter(isRetry));
  protected readonly retryOwners = [
    { value: 'us', label: 'We do: by result, within the promised time' },
    { value: 'ucce', label: 'UCCE does: by its own attempts and delays' },
  ];
  /** Counts the saves: the state of the synchronization is read again after each. */
  protected readonly saves = signal(0);
  protected readonly states = [
    { value: 'yes', label: 'Enabled: takes bookings, UCCE dials' },
    { value: 'no', label: 'Disabled' },
  ];
  protected readonly personalPolicies = [
    { value: 'agentThenSkill', label: 'The call goes to the skill' },
    { value: 'agentNextSlot', label: 'The customer is called again in the agent’s next slot' },
  ];
  protected readonly dialForms = [
    { value: 'national', label: 'National digits' },
    { value: 'international', label: 'International digits' },
  ];
  protected readonly addIcon = mdiPlus;
  protected override readonly list = { link: '/campaigns', label: 'Campaigns' };
  protected override readonly savedMessage = 'Saved. The master brings UCCE to it.';

  override unsaved(): boolean {
    return this.tableLoaded() && super.unsaved();
  }

  protected override title(): string {
    return `the campaign “${this.editor.model().name}”`;
  }

  protected override async open(id: string | undefined): Promise<void> {
    try {
      await this.repository.loadTable();
    } catch {
      // The editor's own request meets the same error and shows it.
    }
    await this.editor.open(id);
    this.tableLoaded.set(true);
  }

  protected override afterSave(): void {
    this.saves.update((count) => count + 1);
  }

  protected addSkill(): void {
    this.change(({ skills }) => ({ skills: [...skills, { ...NEW_SKILL }] }));
  }

  protected removeSkill(index: number): void {
    this.change(({ skills }) => ({ skills: skills.filter((_, at) => at !== index) }));
  }

  /** After a decision about a held campaign it has a new version. Unsaved changes stay: their save meets a conflict. */
  protected async reopen(id: string): Promise<void> {
    if (!this.editor.unsaved()) await this.editor.open(id);
  }

  private change(part: (model: CampaignModel) => Partial<CampaignModel>): void {
    this.editor.model.update((model) => ({ ...model, ...part(model) }));
  }
}

/** True also when UCCE retries and has no number of attempts. */
function outOfRange({ name, minimum, maximum }: Parameter, value: number | null | undefined, byUcce: boolean): boolean {
  if (value === null || value === undefined) return byUcce && name === UCCE_ATTEMPTS;
  return (minimum !== null && value < minimum) || (maximum !== null && value > maximum);
}
