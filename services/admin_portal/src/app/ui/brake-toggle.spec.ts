import { TestBed } from '@angular/core/testing';
import { Api } from '../core/api';
import { Session } from '../core/session';
import { BrakeToggle } from './brake-toggle';
import { Confirm, type Question } from './confirm';

/** The question that is asked before a skill is closed. */
async function asked(waiting: () => Promise<unknown>): Promise<Question | undefined> {
  let question: Question | undefined;
  const ask = (one: Question): Promise<boolean> => {
    question = one;
    return Promise.resolve(false);
  };
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({
    providers: [
      { provide: Api, useValue: { http: { GET: waiting } } },
      { provide: Session, useValue: { operator: () => true } },
      { provide: Confirm, useValue: { ask } },
    ],
  });
  const view = TestBed.createComponent(BrakeToggle);
  for (const [name, value] of Object.entries({ kind: 'skill', id: '3', on: true })) {
    view.componentRef.setInput(name, value);
  }
  await view.whenStable();
  const component = view.componentInstance as unknown as { confirmAndSet(toggle: unknown): Promise<void> };
  await component.confirmAndSet({ checked: true });
  return question;
}

describe('the question before a skill is closed', () => {
  it('tells how many booked callbacks wait, and that they stay booked', async () => {
    const question = await asked(() =>
      Promise.resolve({ data: { total: 59, totalIsExact: true, items: [] }, response: new Response() }),
    );
    expect(question?.text).toContain('59 booked callbacks wait.');
    expect(question?.text).toContain('What is booked stays booked.');
    expect(question?.text).not.toContain('No callbacks are booked');
  });

  it('is asked also when they cannot be counted', async () => {
    expect((await asked(() => Promise.reject(new Error('down'))))?.text).toContain('stays booked');
  });
});
