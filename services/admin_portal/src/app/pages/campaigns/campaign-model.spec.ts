import { type Campaign, type Table, formPath, fresh, toModel, toWrite } from './campaign-model';

const parameter = (name: string, kind: string, recommended: unknown = null): Table['parameters'][number] =>
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
  }) as Table['parameters'][number];

const table: Table = {
  parameters: [
    parameter('dialingMode', 'choice', 'PROGRESSIVEONLY'),
    parameter('linesPerAgent', 'decimal', 1),
    parameter('ipAmdEnabled', 'boolean'),
    parameter('retries.noAnswerDelay', 'integer'),
  ],
  retryable: ['busy', 'no_answer'],
};

const campaign = {
  name: 'Billing',
  description: null,
  enabled: true,
  parameters: { dialingMode: 'PREVIEWONLY', ipAmdEnabled: false, retries: { noAnswerDelay: 30 } },
  dialPrefix: '9',
  dialForm: 'national',
  dialRegion: 'US',
  dialInternationalPrefix: '011',
  maxAttempts: 2,
  maxHandOversPerCycle: null,
  retryDelays: { busy: 5 },
  skills: [{ skillId: '3', dialedNumber: '8800101', overflowAgents: 0, recordsToCache: 1 }],
} as unknown as Campaign;

describe('a campaign in the form', () => {
  it('comes back as it was', () => {
    const { parameters, retryDelays, skills, name } = toWrite(toModel(campaign, table), table);
    expect({ parameters, retryDelays, skills, name }).toEqual({
      parameters: campaign.parameters,
      retryDelays: campaign.retryDelays,
      skills: campaign.skills,
      name: 'Billing',
    });
  });

  it('leaves to UCCE what is empty', () => {
    const model = toModel(campaign, table);
    model.numbers['retries.noAnswerDelay'] = null;
    model.texts['ipAmdEnabled'] = '';
    expect(toWrite(model, table).parameters).toEqual({ dialingMode: 'PREVIEWONLY' });
  });

  it('begins with what suits promised callbacks', () => {
    expect(toWrite(fresh(table), table).parameters).toEqual({ dialingMode: 'PROGRESSIVEONLY', linesPerAgent: 1 });
  });

  it('finds the field that an error is about', () => {
    expect(formPath('parameters.retries.noAnswerDelay', table)).toEqual(['numbers', 'retries.noAnswerDelay']);
    expect(formPath('parameters.ipAmdEnabled', table)).toEqual(['texts', 'ipAmdEnabled']);
    expect(formPath('skills.0.dialedNumber', table)).toEqual(['skills', '0', 'dialedNumber']);
    expect(formPath('parameters.unheardOf', table)).toEqual([]);
  });
});
