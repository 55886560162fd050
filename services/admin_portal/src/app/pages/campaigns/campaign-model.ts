// The model of a campaign in the form, and how it is made from and turned into the bodies of the admin API. A parameter
// that is left empty is not sent: UCCE takes its own default.
import type { Schemas } from '../../core/api';
import { plainText } from '../../core/plain-text';

export type Campaign = Schemas['Campaign'];
export type CampaignWrite = Schemas['CampaignWrite'];
export type ParameterTable = Schemas['CampaignParametersTable'];
export type Parameter = Schemas['CampaignParameter'];

export interface SkillModel {
  skillId: string;
  dialedNumber: string;
  overflowAgents: number | null;
  recordsToCache: number | null;
  ivrRoutePoint: string;
  ivrPorts: number | null;
  abandonedRoutePoint: string;
}

export interface CampaignModel {
  name: string;
  description: string;
  enabled: string; // yes or no
  dialPrefix: string;
  dialForm: string;
  dialRegion: string;
  dialInternationalPrefix: string;
  retriesBy: string; // us or ucce
  maxAttempts: number | null;
  maxHandOversPerCycle: number | null;
  personalCallbacks: string; // agentThenSkill or agentNextSlot
  agentWaitMinutes: number | null;
  callingHoursStart: string; // HH:MM, local at the called party's place
  callingHoursEnd: string;
  /** Minutes by result; null means the default delay. */
  retryDelays: Record<string, number | null>;
  skills: SkillModel[];
  /** The numeric parameters, by Cisco's names. */
  numbers: Record<string, number | null>;
  /** All other parameters, by Cisco's names; a boolean is `true`, `false` or empty. */
  texts: Record<string, string>;
}

/** The parameter of UCCE's attempts. The model's own `maxAttempts` counts hand-overs. */
export const UCCE_ATTEMPTS = 'maxAttempts';
export const NEW_SKILL: SkillModel = {
  skillId: '',
  dialedNumber: '',
  overflowAgents: 0,
  recordsToCache: 1,
  ivrRoutePoint: '',
  ivrPorts: 0,
  abandonedRoutePoint: '',
};

export function isNumber({ kind }: Parameter): boolean {
  return kind === 'integer' || kind === 'decimal';
}

/** A new campaign with the parameters that are recommended for callbacks at a promised time. */
export function newCampaign(table: ParameterTable): CampaignModel {
  const recommended = (parameter: Parameter): unknown => parameter.recommended ?? undefined;
  return {
    name: '',
    description: '',
    enabled: 'yes',
    dialPrefix: '',
    dialForm: 'national',
    dialRegion: 'US',
    dialInternationalPrefix: '011',
    retriesBy: 'us',
    maxAttempts: 1,
    maxHandOversPerCycle: null,
    personalCallbacks: 'agentThenSkill',
    agentWaitMinutes: 2,
    callingHoursStart: '08:00',
    callingHoursEnd: '21:00',
    retryDelays: Object.fromEntries(table.retryable.map((result) => [result, null])),
    skills: [{ ...NEW_SKILL }],
    ...split(table, recommended),
  };
}

export function toModel(campaign: Campaign, table: ParameterTable): CampaignModel {
  const { name, dialPrefix, dialForm, dialRegion, dialInternationalPrefix, maxAttempts, maxHandOversPerCycle } =
    campaign;
  return {
    name,
    description: campaign.description ?? '',
    enabled: campaign.enabled ? 'yes' : 'no',
    dialPrefix,
    dialForm,
    dialRegion,
    dialInternationalPrefix,
    retriesBy: campaign.retriesByUcce ? 'ucce' : 'us',
    maxAttempts,
    maxHandOversPerCycle,
    personalCallbacks: campaign.personalCallbacks,
    agentWaitMinutes: campaign.agentWaitMinutes,
    callingHoursStart: campaign.callingHoursStart,
    callingHoursEnd: campaign.callingHoursEnd,
    retryDelays: Object.fromEntries(
      table.retryable.map((result) => [result, (campaign.retryDelays as Record<string, number>)[result] ?? null]),
    ),
    skills: campaign.skills.map((skill) => ({
      skillId: skill.skillId,
      dialedNumber: skill.dialedNumber ?? '',
      overflowAgents: skill.overflowAgents ?? 0,
      recordsToCache: skill.recordsToCache ?? 1,
      ivrRoutePoint: skill.ivrRoutePoint ?? '',
      ivrPorts: skill.ivrPorts ?? 0,
      abandonedRoutePoint: skill.abandonedRoutePoint ?? '',
    })),
    ...split(table, ({ name }) => valueAt(campaign.parameters, name)),
  };
}

export function byUcce(model: CampaignModel): boolean {
  return model.retriesBy === 'ucce';
}

/** Whether answered calls go to an IVR: then each skill needs a route point and at least one port. */
export function toIvr(model: Pick<CampaignModel, 'texts'>): boolean {
  return model.texts['campaignPurposeType'] === 'ivrCampaign';
}

/** Whether any calls go to an IVR: all answered calls, or those that an answering machine takes. */
export function usesIvr(model: Pick<CampaignModel, 'texts'>): boolean {
  return toIvr(model) || model.texts['amdTreatmentMode'] === 'transferToIVRRoutePoint';
}

/** The parameters of UCCE's own attempts and delays, shown in the form when UCCE retries. */
export function isRetry({ name }: Parameter): boolean {
  return name === UCCE_ATTEMPTS || name.startsWith('retries.');
}

/** When we retry, UCCE's attempts are not sent: the master sets them to one call. */
export function isSent({ name }: Parameter, model: CampaignModel): boolean {
  return name !== UCCE_ATTEMPTS || byUcce(model);
}

export function toWrite(model: CampaignModel, table: ParameterTable): CampaignWrite {
  const parameters: Record<string, unknown> = {};
  for (const parameter of table.parameters) {
    if (!isSent(parameter, model)) continue;
    const value = isNumber(parameter) ? model.numbers[parameter.name] : model.texts[parameter.name];
    if (value === null || value === undefined || value === '') continue;
    setAt(parameters, parameter.name, parameter.kind === 'boolean' ? value === 'true' : value);
  }
  const delays = byUcce(model) ? [] : Object.entries(model.retryDelays).filter(([, minutes]) => minutes !== null);
  return {
    name: model.name,
    description: model.description || null,
    enabled: model.enabled === 'yes',
    dialPrefix: model.dialPrefix,
    dialForm: model.dialForm as CampaignWrite['dialForm'],
    dialRegion: model.dialRegion.toUpperCase(),
    dialInternationalPrefix: model.dialInternationalPrefix,
    retriesByUcce: byUcce(model),
    maxAttempts: byUcce(model) ? 1 : (model.maxAttempts ?? 1),
    maxHandOversPerCycle: model.maxHandOversPerCycle,
    personalCallbacks: model.personalCallbacks as CampaignWrite['personalCallbacks'],
    agentWaitMinutes: model.agentWaitMinutes ?? 0,
    callingHoursStart: model.callingHoursStart,
    callingHoursEnd: model.callingHoursEnd,
    retryDelays: Object.fromEntries(delays) as Record<string, number>,
    skills: model.skills.map((skill) => ({
      skillId: skill.skillId,
      dialedNumber: skill.dialedNumber || null,
      overflowAgents: skill.overflowAgents ?? 0,
      recordsToCache: skill.recordsToCache ?? 1,
      ivrRoutePoint: skill.ivrRoutePoint || null,
      ivrPorts: skill.ivrPorts ?? 0,
      abandonedRoutePoint: skill.abandonedRoutePoint || null,
    })),
    parameters,
  };
}

/** The path in the form of a path in the body: `parameters.retries.noAnswerDelay` is in `numbers`, by its name. */
export function formPath(path: string, table: ParameterTable): readonly string[] {
  if (!path.startsWith('parameters.')) return path.split('.');
  const name = path.slice('parameters.'.length);
  const parameter = table.parameters.find((candidate) => candidate.name === name);
  return parameter ? [isNumber(parameter) ? 'numbers' : 'texts', name] : [];
}

function split(
  table: ParameterTable,
  valueOf: (parameter: Parameter) => unknown,
): Pick<CampaignModel, 'numbers' | 'texts'> {
  const numbers: Record<string, number | null> = {};
  const texts: Record<string, string> = {};
  for (const parameter of table.parameters) {
    const value = valueOf(parameter);
    if (isNumber(parameter)) numbers[parameter.name] = typeof value === 'number' ? value : null;
    else texts[parameter.name] = plainText(value);
  }
  return { numbers, texts };
}

function valueAt(values: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], values);
}

function setAt(values: Record<string, unknown>, name: string, value: unknown): void {
  const [first, ...rest] = name.split('.') as [string, ...string[]];
  if (rest.length === 0) values[first] = value;
  else setAt((values[first] ??= {}) as Record<string, unknown>, rest.join('.'), value);
}
