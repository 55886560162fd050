import { TestBed } from '@angular/core/testing';
import { Session } from '../../core/session';
import { Confirm } from '../../ui/confirm';
import { CampaignHold } from './campaign-hold';
import { CampaignRepository } from './campaign-repository';

const NOT_OURS = {
  hold: 'not_ours',
  ucceId: 5001,
  holdFound: [
    { ucceId: 5001, name: 'Payroll_0' },
    { ucceId: 5077, name: 'Billing_Callback' },
  ],
};

function render(sync: unknown, supervisor = true) {
  const calls: unknown[] = [];
  const recorder = (action: string) => (id: string, campaign?: unknown) => {
    calls.push([action, id, campaign]);
    return Promise.resolve({ hold: null });
  };
  const store = { resume: recorder('resume'), adopt: recorder('adopt'), makeAnew: recorder('makeAnew') };
  TestBed.configureTestingModule({
    providers: [
      { provide: CampaignRepository, useValue: store },
      { provide: Session, useValue: { supervisor: () => supervisor } },
      { provide: Confirm, useValue: { ask: () => Promise.resolve(true) } },
    ],
  });
  const page = TestBed.createComponent(CampaignHold);
  page.componentRef.setInput('campaign', '7');
  page.componentRef.setInput('sync', sync);
  page.detectChanges();
  const element = page.nativeElement as HTMLElement;
  return { calls, page, element, buttons: [...element.querySelectorAll('button')] };
}

const text = (button: HTMLButtonElement) => (button.textContent ?? '').replace(/\s+/g, ' ').trim();

describe('a campaign that the master leaves alone', () => {
  it('is taken over as it was seen in UCCE, or made anew', async () => {
    const { calls, page, buttons } = render(NOT_OURS);
    expect(buttons.map(text)).toEqual(['Take over Payroll_0 (5001)', 'Take over Billing_Callback (5077)', 'Make anew']);
    buttons[1]?.click();
    await page.whenStable();
    expect(calls).toEqual([['adopt', '7', { ucceId: 5077, name: 'Billing_Callback' }]]);
  });

  it('is resumed when it was switched off', async () => {
    const { calls, page, buttons } = render({ hold: 'switched_off', ucceId: 5001, holdFound: [] });
    expect(buttons.map(text)).toEqual(['Resume']);
    buttons[0]?.click();
    await page.whenStable();
    expect(calls).toEqual([['resume', '7', undefined]]);
  });

  it('waits for a supervisor', () => {
    const { buttons, element } = render(NOT_OURS, false);
    expect(buttons).toEqual([]);
    expect(element.textContent).toContain('A supervisor decides.');
  });
});
