import { Component, computed, input } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';
import type { Choice } from '../../core/choices';
import { ChoiceField } from '../../ui/choice-field';
import { NumberField } from '../../ui/number-field';
import { TextField } from '../../ui/text-field';
import { type CampaignModel, type Parameter, isNumber } from './campaign-model';

const LABELS: Record<string, string> = {
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

/** The field of one parameter of a campaign, with Cisco's range and UCCE's default. */
@Component({
  selector: 'cm-parameter-field',
  imports: [ChoiceField, NumberField, TextField],
  template: `
    @let definition = parameter();
    @if (number(); as field) {
      <cm-number-field
        [label]="definition.label"
        [field]="field"
        [hint]="hint()"
        [unit]="definition.unit ?? ''"
        [step]="definition.kind === 'decimal' ? '0.1' : '1'"
      />
    } @else if (text(); as field) {
      @if (choices().length) {
        <cm-choice-field [label]="definition.label" [field]="field" [choices]="choices()" [hint]="hint()" />
      } @else {
        <cm-text-field [label]="definition.label" [field]="field" [type]="type()" [hint]="hint()" />
      }
    }
  `,
})
export class ParameterField {
  readonly parameter = input.required<Parameter>();
  readonly fields = input.required<FieldTree<CampaignModel>>();
  protected readonly number = computed(() => {
    const parameter = this.parameter();
    return isNumber(parameter) ? this.fields().numbers[parameter.name] : undefined;
  });
  protected readonly text = computed(() => {
    const parameter = this.parameter();
    return isNumber(parameter) ? undefined : this.fields().texts[parameter.name];
  });
  protected readonly type = computed(() => {
    const { kind } = this.parameter();
    return kind === 'date' || kind === 'time' ? kind : 'text';
  });
  protected readonly choices = computed<readonly Choice[]>(() => {
    const { kind, options } = this.parameter();
    const values = kind === 'boolean' ? ['true', 'false'] : options;
    if (values.length === 0) return [];
    return [
      { value: '', label: this.defaultLabel() },
      ...values.map((value) => ({ value, label: LABELS[value] ?? value })),
    ];
  });
  protected readonly hint = computed(() => {
    const { help, kind, minimum, maximum, default: value } = this.parameter();
    const limited = isNumber(this.parameter()) && minimum !== null && maximum !== null;
    const range = limited ? ` ${minimum} to ${maximum.toLocaleString('en-US')}.` : '';
    // A select names the default in its empty choice.
    const hasSelect = kind === 'boolean' || this.choices().length > 0;
    return `${help}${range}${!hasSelect && value !== null ? ` Empty: ${this.defaultLabel()}.` : ''}`;
  });
  private readonly defaultLabel = computed(() => {
    const value = this.parameter().default as string | number | boolean | null | undefined;
    if (value === null || value === undefined) return 'UCCE’s own';
    return `UCCE’s own (${LABELS[String(value)] ?? String(value)})`;
  });
}
