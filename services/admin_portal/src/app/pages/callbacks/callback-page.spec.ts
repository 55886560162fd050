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
  callData: {},
  timeline: [],
  attemptList: [],
};

async function heading(callback: object): Promise<string[]> {
  const GET = () => Promise.resolve({ data: callback, response: new Response() });
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: Api, useValue: { http: { GET } } },
      { provide: Session, useValue: { operator: () => true } },
    ],
  });
  const page = TestBed.createComponent(CallbackPage);
  page.componentRef.setInput('accountNumber', CALLBACK.accountNumber);
  await page.whenStable();
  const badges = (page.nativeElement as HTMLElement).querySelectorAll('h1 cm-status');
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
