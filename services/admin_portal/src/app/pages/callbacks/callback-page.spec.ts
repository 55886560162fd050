import { provideRouter } from '@angular/router';
import { TestBed } from '@angular/core/testing';
import { Api } from '../../core/api';
import { Session } from '../../core/session';
import { CallbackPage } from './callback-page';

const CALLBACK = {
  accountNumber: '01KB0000000000000000000000',
  status: 'imported',
  start: '2026-11-23T09:10:00-06:00',
  slotStart: '2026-11-23T09:00:00-06:00',
  slotEnd: '2026-11-23T09:30:00-06:00',
  dueAt: '2026-11-23T09:10:00-06:00',
  createdAt: '2026-11-22T09:10:00-06:00',
  timeZone: 'America/Chicago',
  customerTimeZone: 'America/Denver',
  customerStart: '2026-11-23T08:10:00-07:00',
  phone: '+13125550142',
  callData: {},
  consent: {
    phone: '+13125550142',
    givenAt: '2026-11-22T09:10:00-06:00',
    how: 'booked_by_caller',
    channel: 'ivr',
    apiClient: 'ivr-1',
    bookedBy: 'ivr-1',
    callId: 'call-1',
    requestRecord: '7',
    requestKey: null,
    skill: 'Billing',
    withdrawnAt: null,
  },
  timeline: [],
  attemptList: [],
};

async function shown(callback: object, admin = false): Promise<HTMLElement> {
  const GET = () => Promise.resolve({ data: callback, response: new Response() });
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: Api, useValue: { http: { GET } } },
      { provide: Session, useValue: { operator: () => true, administrator: () => admin, seesPhones: () => true } },
    ],
  });
  const page = TestBed.createComponent(CallbackPage);
  page.componentRef.setInput('accountNumber', CALLBACK.accountNumber);
  await page.whenStable();
  return page.nativeElement as HTMLElement;
}

async function heading(callback: object): Promise<string[]> {
  const badges = (await shown(callback)).querySelectorAll('h1 cm-status');
  return [...badges].map((badge) => badge.textContent ?? '');
}

describe('the heading of a callback', () => {
  it('shows its status', async () => {
    expect(await heading({ ...CALLBACK, withoutResult: false })).toEqual(['imported']);
  });

  it('shows beside it that a result is overdue', async () => {
    expect(await heading({ ...CALLBACK, withoutResult: true })).toEqual(['imported', 'no result yet']);
  });
});

describe('the consent of a callback', () => {
  it('is shown as one record', async () => {
    const text = (await shown(CALLBACK)).textContent ?? '';
    expect(text).toContain('the caller booked it');
    expect(text).toContain('call-1');
  });
});

describe('a personal callback', () => {
  const PERSONAL = { ...CALLBACK, status: 'completed', agentId: '1042' };
  const WORDS = {
    agent: 'spoke with the customer',
    skill: 'the call went to the skill',
    agent_unavailable: 'the customer is called again',
  };

  for (const [agentOutcome, words] of Object.entries(WORDS))
    it(`says in words how it ended: ${agentOutcome}`, async () => {
      const text = (await shown({ ...PERSONAL, agentOutcome })).textContent ?? '';
      expect(text).toContain('1042');
      expect(text).toContain(words);
    });

  it('leads to its follow-up, and back', async () => {
    const follows = { followUpOf: '01KA0000000000000000000000', followUp: '01KC0000000000000000000000' };
    const links = (await shown({ ...PERSONAL, ...follows })).querySelectorAll('dd a.mono');
    expect([...links].map((link) => link.getAttribute('href'))).toEqual([
      '/callbacks/01KA0000000000000000000000',
      '/callbacks/01KC0000000000000000000000',
    ]);
  });

  it('has the report of its script on the timeline, in the words that are stored', async () => {
    const why = 'agent 1042 was not available: called again at 2026-11-23 09:30 by callback 01KC0000000000000000000000';
    const entry = { at: CALLBACK.dueAt, fromStatus: 'imported', toStatus: 'completed', who: 'client:ivr-1', why };
    const timeline = (await shown({ ...PERSONAL, timeline: [entry] })).querySelector('.timeline');
    expect(timeline?.textContent).toContain(why);
  });
});

describe('erasing the customer of a callback', () => {
  const offered = async (callback: object, admin: boolean) =>
    ((await shown(callback, admin)).textContent ?? '').includes('Erase the customer');

  it('is offered to administrators', async () => {
    expect(await offered(CALLBACK, true)).toBe(true);
  });

  it('is offered to nobody else, nor once it is done', async () => {
    expect(await offered(CALLBACK, false)).toBe(false);
    TestBed.resetTestingModule();
    expect(await offered({ ...CALLBACK, phone: 'removed' }, true)).toBe(false);
  });
});
