// The parameters of an outbound campaign that an administrator changes: names, ranges and defaults are Cisco's
// (Developer Reference, Campaign API); the help says what each means for a promised callback.

export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;

interface Common {
  /** The path in the campaign's `parameters`. */
  readonly name: string;
  readonly label: string;
  readonly help?: string;
}
export interface NumberParameter extends Common {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly step?: string;
  readonly unit?: string;
  readonly usual: number;
}
export interface ChoiceParameter extends Common {
  readonly kind: 'choice';
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly usual: string;
}
export interface TextParameter extends Common {
  readonly kind: 'text' | 'time' | 'date' | 'zone';
  readonly usual: string;
}
export interface SwitchParameter extends Common {
  readonly kind: 'switch';
  readonly usual: boolean;
}
export type Parameter = NumberParameter | ChoiceParameter | TextParameter | SwitchParameter;

export interface Group {
  readonly heading: string;
  readonly lead: string;
  readonly parameters: readonly Parameter[];
}

const minutes = (name: string, label: string, usual: number): NumberParameter => ({
  kind: 'number',
  name: `retries.${name}`,
  label,
  min: 1,
  max: 99999,
  unit: 'min',
  usual,
});

export const GROUPS: readonly Group[] = [
  {
    heading: 'Dialing',
    lead: 'How the dialer works through the callbacks it was given.',
    parameters: [
      {
        kind: 'choice',
        name: 'dialingMode',
        label: 'Dialing mode',
        help: 'Progressive reserves an agent before it dials: right for a promised callback.',
        choices: [
          { value: 'PROGRESSIVEONLY', label: 'Progressive' },
          { value: 'PREVIEWONLY', label: 'Preview' },
          { value: 'PREVIEWDIRECTONLY', label: 'Direct preview' },
          { value: 'PREDICTIVEONLY', label: 'Predictive' },
          { value: 'INBOUND', label: 'Off (inbound only)' },
        ],
        usual: 'PROGRESSIVEONLY',
      },
      { kind: 'number', name: 'linesPerAgent', label: 'Lines per agent', help: '1 for callbacks: more dials customers no agent is free for.', min: 1, max: 100, step: '0.1', usual: 1 },
      { kind: 'number', name: 'maximumLinesPerAgent', label: 'Most lines per agent', help: 'Predictive only.', min: 1, max: 100, step: '0.1', usual: 2 },
      { kind: 'number', name: 'reservationPercentage', label: 'Share of agents', help: 'How many of the skill’s agents this campaign may reserve.', min: 0, max: 100, unit: '%', usual: 100 },
      { kind: 'number', name: 'noAnswerRingLimit', label: 'Ring limit', help: 'Rings before a call counts as not answered.', min: 2, max: 10, unit: 'rings', usual: 4 },
      { kind: 'number', name: 'minimumCallDuration', label: 'Shortest call', help: 'Shorter calls count as abandoned by the customer; 0 turns that off.', min: 0, max: 10, unit: 's', usual: 1 },
    ],
  },
  {
    heading: 'Retries by the dialer',
    lead: 'UCCE’s own attempts for one contact, before it reports a result.',
    parameters: [
      { kind: 'number', name: 'maxAttempts', label: 'Attempts', help: 'Do not change while the campaign runs: UCCE rewrites every record meanwhile.', min: 1, max: 100, usual: 1 },
      minutes('noAnswerDelay', 'After no answer', 60),
      minutes('busySignalDelay', 'After busy', 60),
      minutes('customerAbandonedDelay', 'After the customer hung up', 30),
      minutes('dialerAbandonedDelay', 'After the dialer hung up', 60),
      minutes('answeringMachineDelay', 'After an answering machine', 60),
      minutes('customerNotHomeDelay', 'After “not at home”', 60),
    ],
  },
  {
    heading: 'Calling window',
    lead: 'UCCE dials only in this window, in the customer’s own time zone.',
    parameters: [
      { kind: 'time', name: 'startTime', label: 'From', usual: '00:00' },
      { kind: 'time', name: 'endTime', label: 'Until', usual: '23:59' },
      { kind: 'date', name: 'startDate', label: 'First day', help: 'Empty: no limit.', usual: '' },
      { kind: 'date', name: 'endDate', label: 'Last day', help: 'Empty: no limit.', usual: '' },
      { kind: 'zone', name: 'timeZone', label: 'Time zone', help: 'By its Windows name, as UCCE wants it.', usual: 'UTC' },
      { kind: 'text', name: 'campaignPrefix', label: 'Campaign prefix', help: 'Up to 15 digits before each number, for example to choose a caller id.', usual: '' },
    ],
  },
  {
    heading: 'Answering machines and call progress',
    lead: 'What UCCE does when no person answers.',
    parameters: [
      { kind: 'switch', name: 'ipAmdEnabled', label: 'Detect answering machines', usual: true },
      {
        kind: 'choice',
        name: 'amdTreatmentMode',
        label: 'An answering machine is',
        choices: [
          { value: 'transferToAgent', label: 'given to the agent' },
          { value: 'abandonCall', label: 'hung up on' },
          { value: 'transferToIVRRoutePoint', label: 'given to the IVR' },
        ],
        usual: 'abandonCall',
      },
      { kind: 'switch', name: 'ipTerminatingBeepDetect', label: 'Wait for the beep', usual: false },
      { kind: 'switch', name: 'callProgressAnalysis.enabled', label: 'Call progress analysis', help: 'Off: UCCE tells no voice from fax or machine.', usual: true },
      { kind: 'switch', name: 'callProgressAnalysis.record', label: 'Record the analysis', usual: false },
      { kind: 'number', name: 'callProgressAnalysis.minSilencePeriod', label: 'Shortest silence', min: 100, max: 1000, unit: 'ms', usual: 608 },
      { kind: 'number', name: 'callProgressAnalysis.analysisPeriod', label: 'Analysis', min: 1000, max: 10000, unit: 'ms', usual: 2500 },
      { kind: 'number', name: 'callProgressAnalysis.minimumValidSpeech', label: 'Shortest speech', min: 50, max: 500, unit: 'ms', usual: 112 },
      { kind: 'number', name: 'callProgressAnalysis.maxTimeAnalysis', label: 'Longest analysis', min: 1000, max: 10000, unit: 'ms', usual: 3000 },
      { kind: 'number', name: 'callProgressAnalysis.maxTermToneAnalysis', label: 'Longest tone analysis', min: 1000, max: 60000, unit: 'ms', usual: 30000 },
    ],
  },
];
