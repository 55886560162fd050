import { Component, computed, input } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';
import { type Choice, ChoiceField } from '../../ui/choice-field';
import { NumberField } from '../../ui/number-field';
import { TextField } from '../../ui/text-field';
import { type CampaignModel, type Parameter, isNumber } from './campaign-model';

const WORDS: Record<string, string> = {
  INBOUND: 'Off (inbound only)',
  PREDICTIVEONLY: 'Predictive',
  PREVIEWONLY: 'Preview',
  PROGRESSIVEONLY: 'Progressive',
  PREVIEWDIRECTONLY: 'Direct preview',
  agentCampaign: 'Agents',
  ivrCampaign: 'IVR',
  useCampaignDN: 'Use the campaign’s number',
  sameTimeNextBusinessDay: 'Same time, next business day',
  abandon: 'Give up',
  abandonCall: 'Hang up',
  transferToAgent: 'To the agent',
  transferToIVRRoutePoint: 'To the IVR',
  true: 'On',
  false: 'Off',
};

/** One parameter of a campaign, by its kind, with Cisco's range and what UCCE does when it is left empty. */
@Component({
  selector: 'cm-parameter-field',
  imports: [ChoiceField, NumberField, TextField],
  template: `
    @let shown = parameter();
    @if (number(); as field) {
      <cm-number-field
        [label]="shown.label"
        [field]="field"
        [hint]="hint()"
        [unit]="shown.unit ?? ''"
        [step]="shown.kind === 'decimal' ? '0.1' : '1'"
      />
    } @else if (text(); as field) {
      @if (choices().length) {
        <cm-choice-field [label]="shown.label" [field]="field" [choices]="choices()" [hint]="hint()" />
      } @else {
        <cm-text-field [label]="shown.label" [field]="field" [type]="type()" [hint]="hint()" />
      }
    }
  `,
})
export class ParameterField {
  readonly parameter = input.required<Parameter>();
  readonly fields = input.required<FieldTree<CampaignModel>>();
  protected readonly number = computed(() => {
    const parameter = this.parameter();
    return isNumber(parameter) ? (this.fields().numbers[parameter.name] as FieldTree<number | null>) : undefined;
  });
  protected readonly text = computed(() => {
    const parameter = this.parameter();
    return isNumber(parameter) ? undefined : (this.fields().texts[parameter.name] as FieldTree<string>);
  });
  protected readonly type = computed(() => {
    const { kind } = this.parameter();
    return kind === 'date' || kind === 'time' ? kind : 'text';
  });
  protected readonly choices = computed<readonly Choice[]>(() => {
    const { kind, options } = this.parameter();
    const values = kind === 'boolean' ? ['true', 'false'] : options;
    if (values.length === 0) return [];
    return [{ value: '', label: this.usual() }, ...values.map((value) => ({ value, label: WORDS[value] ?? value }))];
  });
  protected readonly hint = computed(() => {
    const { help, kind, minimum, maximum } = this.parameter();
    const number = isNumber(this.parameter()) && minimum !== null && maximum !== null;
    const range = number ? ` ${minimum} to ${maximum.toLocaleString('en-US')}.` : '';
    return `${help}${range}${kind !== 'boolean' && !this.choices().length && this.parameter().default !== null ? ` Empty: ${this.usual()}.` : ''}`;
  });
  private readonly usual = computed(() => {
    const usual = this.parameter().default;
    return usual === null || usual === undefined
      ? 'UCCE’s own'
      : `UCCE’s own (${WORDS[String(usual)] ?? String(usual)})`;
  });
}
