import { TestBed } from '@angular/core/testing';
import { Session } from '../../core/session';
import { Confirm } from '../../ui/confirm';
import { CampaignHold } from './campaign-hold';
import { CampaignStore } from './campaign-store';

const NOT_OURS = {
  hold: 'not_ours',
  ucceId: 5001,
  holdFound: [
    { ucceId: 5001, name: 'Payroll_0' },
    { ucceId: 5077, name: 'Billing_Callback' },
  ],
};

function shown(sync: unknown, supervisor = true) {
  const asked: unknown[] = [];
  const answerOf = (action: string) => (id: string, found?: unknown) => {
    asked.push([action, id, found]);
    return Promise.resolve({ hold: null });
  };
  const store = { resume: answerOf('resume'), adopt: answerOf('adopt'), makeAnew: answerOf('makeAnew') };
  TestBed.configureTestingModule({
    providers: [
      { provide: CampaignStore, useValue: store },
      { provide: Session, useValue: { supervisor: () => supervisor } },
      { provide: Confirm, useValue: { ask: () => Promise.resolve(true) } },
    ],
  });
  const page = TestBed.createComponent(CampaignHold);
  page.componentRef.setInput('campaign', '7');
  page.componentRef.setInput('sync', sync);
  page.detectChanges();
  const element = page.nativeElement as HTMLElement;
  return { asked, page, element, buttons: [...element.querySelectorAll('button')] };
}

const words = (button: HTMLButtonElement) => (button.textContent ?? '').replace(/\s+/g, ' ').trim();

describe('a campaign that the master leaves alone', () => {
  it('is taken over as it was seen in UCCE, or made anew', async () => {
    const { asked, page, buttons } = shown(NOT_OURS);
    expect(buttons.map(words)).toEqual([
      'Take over Payroll_0 (5001)',
      'Take over Billing_Callback (5077)',
      'Make anew',
    ]);
    buttons[1]?.click();
    await page.whenStable();
    expect(asked).toEqual([['adopt', '7', { ucceId: 5077, name: 'Billing_Callback' }]]);
  });

  it('is resumed when it was switched off', async () => {
    const { asked, page, buttons } = shown({ hold: 'switched_off', ucceId: 5001, holdFound: [] });
    expect(buttons.map(words)).toEqual(['Resume']);
    buttons[0]?.click();
    await page.whenStable();
    expect(asked).toEqual([['resume', '7', undefined]]);
  });

  it('waits for a supervisor', () => {
    const { buttons, element } = shown(NOT_OURS, false);
    expect(buttons).toEqual([]);
    expect(element.textContent).toContain('A supervisor decides.');
  });
});
