import {
  type Campaign,
  type ParameterTable,
  formPath,
  newCampaign,
  toIvr,
  toModel,
  toWrite,
  usesIvr,
} from './campaign-model';

const parameter = (name: string, kind: string, recommended: unknown = null): ParameterTable['parameters'][number] =>
  ({
    name,
    kind,
    recommended,
    group: '',
    label: name,
    help: '',
    default: null,
    minimum: 1,
    maximum: 9,
    unit: null,
    options: [],
  }) as ParameterTable['parameters'][number];

const table: ParameterTable = {
  parameters: [
    parameter('dialingMode', 'choice', 'PROGRESSIVEONLY'),
    parameter('linesPerAgent', 'decimal', 1),
    parameter('ipAmdEnabled', 'boolean'),
    parameter('maxAttempts', 'integer'),
    parameter('retries.noAnswerDelay', 'integer'),
  ],
  retryable: ['busy', 'no_answer'],
  defaultDelay: 15,
};

const NO_IVR = { ivrRoutePoint: null, ivrPorts: 0, abandonedRoutePoint: null };

const campaign = {
  name: 'Billing',
  description: null,
  enabled: true,
  parameters: { dialingMode: 'PREVIEWONLY', ipAmdEnabled: false, retries: { noAnswerDelay: 30 } },
  dialPrefix: '9',
  dialForm: 'national',
  dialRegion: 'US',
  dialInternationalPrefix: '011',
  retriesByUcce: false,
  maxAttempts: 2,
  maxHandOversPerCycle: null,
  personalCallbacks: 'agentNextSlot',
  agentWaitMinutes: 7,
  callingHoursStart: '09:30',
  callingHoursEnd: '24:00',
  retryDelays: { busy: 5 },
  skills: [{ skillId: '3', dialedNumber: '8800101', overflowAgents: 0, recordsToCache: 1, ...NO_IVR }],
} as unknown as Campaign;

describe('a campaign in the form', () => {
  it('is sent back as it was read', () => {
    const { parameters, retryDelays, skills, name } = toWrite(toModel(campaign, table), table);
    expect({ parameters, retryDelays, skills, name }).toEqual({
      parameters: campaign.parameters,
      retryDelays: campaign.retryDelays,
      skills: campaign.skills,
      name: 'Billing',
    });
  });

  it('sends no empty parameter', () => {
    const model = toModel(campaign, table);
    model.numbers['retries.noAnswerDelay'] = null;
    model.texts['ipAmdEnabled'] = '';
    expect(toWrite(model, table).parameters).toEqual({ dialingMode: 'PREVIEWONLY' });
  });

  it('sends the retries of one owner only', () => {
    const model = toModel(campaign, table);
    model.numbers['maxAttempts'] = 3;
    const ours = toWrite(model, table);
    expect([ours.retriesByUcce, ours.maxAttempts, ours.retryDelays, ours.parameters.maxAttempts]).toEqual([
      false,
      2,
      { busy: 5 },
      undefined,
    ]);
    model.retriesBy = 'ucce';
    const theirs = toWrite(model, table);
    expect([theirs.retriesByUcce, theirs.maxAttempts, theirs.retryDelays, theirs.parameters.maxAttempts]).toEqual([
      true,
      1,
      {},
      3,
    ]);
    expect(toModel({ ...campaign, ...theirs } as Campaign, table).retriesBy).toBe('ucce');
  });

  it('keeps the calling hours, from 08:00 until 21:00 in a new one', () => {
    const kept = toWrite(toModel(campaign, table), table);
    expect([kept.callingHoursStart, kept.callingHoursEnd]).toEqual(['09:30', '24:00']);
    const fresh = toWrite(newCampaign(table), table);
    expect([fresh.callingHoursStart, fresh.callingHoursEnd]).toEqual(['08:00', '21:00']);
  });

  it('keeps what becomes of personal callbacks', () => {
    const { personalCallbacks, agentWaitMinutes } = toWrite(toModel(campaign, table), table);
    expect([personalCallbacks, agentWaitMinutes]).toEqual(['agentNextSlot', 7]);
    const fresh = toWrite(newCampaign(table), table);
    expect([fresh.personalCallbacks, fresh.agentWaitMinutes]).toEqual(['agentThenSkill', 2]);
  });

  it('starts with the recommended parameters', () => {
    expect(toWrite(newCampaign(table), table).parameters).toEqual({ dialingMode: 'PROGRESSIVEONLY', linesPerAgent: 1 });
  });

  it('keeps the route points of an IVR, and needs no dialed number', () => {
    const ivr = { ivrRoutePoint: '9900', ivrPorts: 20, abandonedRoutePoint: '9901' };
    const skills = [{ skillId: '3', dialedNumber: null, overflowAgents: 0, recordsToCache: 1, ...ivr }];
    const model = toModel({ ...campaign, skills } as unknown as Campaign, table);
    expect(model.skills[0]?.dialedNumber).toBe('');
    expect(toWrite(model, table).skills).toEqual(skills);
    expect([toIvr(model), usesIvr(model)]).toEqual([false, false]);
    model.texts['amdTreatmentMode'] = 'transferToIVRRoutePoint';
    expect([toIvr(model), usesIvr(model)]).toEqual([false, true]);
    model.texts['campaignPurposeType'] = 'ivrCampaign';
    expect([toIvr(model), usesIvr(model)]).toEqual([true, true]);
  });

  it('has a field for each path of an error', () => {
    expect(formPath('parameters.retries.noAnswerDelay', table)).toEqual(['numbers', 'retries.noAnswerDelay']);
    expect(formPath('parameters.ipAmdEnabled', table)).toEqual(['texts', 'ipAmdEnabled']);
    expect(formPath('skills.0.dialedNumber', table)).toEqual(['skills', '0', 'dialedNumber']);
    expect(formPath('parameters.unheardOf', table)).toEqual([]);
  });
});
