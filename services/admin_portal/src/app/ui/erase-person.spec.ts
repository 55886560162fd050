import { TestBed } from '@angular/core/testing';
import { Api } from '../core/api';
import { Confirm } from './confirm';
import { ErasePerson, outcome, question } from './erase-person';

const PREVIEW = { callbacks: 3, scheduled: 1, atDialer: 1, doNotCall: true };
const ERASURE = {
  id: '1',
  requestedAt: '2026-11-23T09:00:00Z',
  requestedBy: 'user:anna',
  callbacks: 3,
  rowCount: 9,
  doNotCall: true,
  finishedAt: null,
  left: 1,
  leftCallbacks: [],
};

/** The requests that were sent when the question is answered so. */
async function asked(answer: boolean): Promise<string[]> {
  const sent: string[] = [];
  const POST = (path: string) => {
    sent.push(path);
    return Promise.resolve({ data: path.endsWith('preview') ? PREVIEW : ERASURE, response: new Response() });
  };
  TestBed.configureTestingModule({
    providers: [
      { provide: Api, useValue: { http: { POST } } },
      { provide: Confirm, useValue: { ask: () => Promise.resolve(answer) } },
    ],
  });
  expect(await TestBed.inject(ErasePerson).ask('+13125550142')).toBe(answer);
  return sent;
}

describe('erasing a person', () => {
  it('tells before what would be cancelled, what waits for UCCE and what is kept', () => {
    const details = question('+13125550142', PREVIEW).details?.join('\n');
    expect(details).toContain('3 callbacks have');
    expect(details).toContain('1 of them scheduled');
    expect(details).toContain('1 of them at UCCE');
    expect(details).toContain('hash');
    expect(question('x', { callbacks: 1, scheduled: 0, atDialer: 0, doNotCall: false }).details).toHaveLength(1);
  });

  it('says what is left', () => {
    expect(outcome(ERASURE)).toContain('1 callback is at UCCE');
    expect(outcome({ ...ERASURE, left: 0 })).toBe('Erased.');
  });

  it('erases only what was confirmed', async () => {
    expect(await asked(false)).toEqual(['/admin/api/v1/erasures/preview']);
  });

  it('erases after the confirmation', async () => {
    expect(await asked(true)).toEqual(['/admin/api/v1/erasures/preview', '/admin/api/v1/erasures']);
  });
});
