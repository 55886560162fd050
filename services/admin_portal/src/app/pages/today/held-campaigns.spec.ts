import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Api } from '../../core/api';
import { Session } from '../../core/session';
import { Confirm } from '../../ui/confirm';
import { HeldCampaigns } from './held-campaigns';

const STOPPED = {
  id: '7',
  name: 'Billing_Callback',
  hold: 'switched_off',
  heldAt: new Date().toISOString(),
  syncMessage: 'It was switched off in UCCE.',
};

describe('the campaigns that wait for a decision', () => {
  it('are listed with the reason, and resumed by a supervisor', async () => {
    const calls: unknown[] = [];
    const POST = (...call: unknown[]) => {
      calls.push(call);
      return Promise.resolve({ data: {}, response: new Response() });
    };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: Api, useValue: { http: { POST } } },
        { provide: Session, useValue: { supervisor: () => true } },
        { provide: Confirm, useValue: { ask: () => Promise.resolve(true) } },
      ],
    });
    const page = TestBed.createComponent(HeldCampaigns);
    page.componentRef.setInput('campaigns', [STOPPED, { ...STOPPED, id: '8', name: 'Sales', hold: 'not_ours' }]);
    page.detectChanges();
    const element = page.nativeElement as HTMLElement;
    expect(element.textContent).toContain('2 campaigns wait for a decision');
    expect(element.textContent).toContain('It was switched off in UCCE.');
    expect(element.textContent).toContain('Seen just now.');
    const buttons = element.querySelectorAll('button');
    expect(buttons).toHaveLength(1);
    buttons[0]?.click();
    await page.whenStable();
    expect(calls).toEqual([['/admin/api/v1/campaigns/{id}/resume', { params: { path: { id: '7' } } }]]);
  });
});
