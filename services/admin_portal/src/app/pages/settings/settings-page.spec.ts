import { TestBed } from '@angular/core/testing';
import { Api } from '../../core/api';
import { Session } from '../../core/session';
import { SettingsPage } from './settings-page';

function setting(name: string, value: number | string, kind = 'integer') {
  return {
    name,
    value,
    kind,
    default: value,
    isDefault: true,
    label: name,
    help: '',
    group: 'booking',
    unit: '',
    minimum: null,
    maximum: null,
    version: 1,
    changedAt: null,
    changedBy: null,
  };
}

async function shown(): Promise<{ page: SettingsPage; element: HTMLElement; settle: () => Promise<void> }> {
  const http = {
    GET: (path: string) =>
      Promise.resolve({
        data: path.endsWith('/time-zones')
          ? { names: ['Asia/Kolkata', 'Europe/Kyiv'] }
          : { items: [setting('notice', 15), setting('horizon', 7), setting('zone', 'UTC', 'time_zone')] },
        response: new Response(),
      }),
    PUT: () => Promise.resolve({ data: {}, response: new Response() }),
  };
  TestBed.configureTestingModule({
    providers: [
      { provide: Api, useValue: { http } },
      { provide: Session, useValue: { supervisor: () => true, allSkills: () => true } },
    ],
  });
  const fixture = TestBed.createComponent(SettingsPage);
  await fixture.whenStable();
  return {
    page: fixture.componentInstance,
    element: fixture.nativeElement as HTMLElement,
    settle: () => fixture.whenStable(),
  };
}

function type(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event('input'));
}

describe('the page of the settings', () => {
  it('asks before what was typed is left, and keeps it while another setting is saved', async () => {
    const { page, element, settle } = await shown();
    expect(page.unsaved()).toBe(false);
    const [notice, horizon] = element.querySelectorAll('input');
    type(notice, '20');
    type(horizon, '14');
    expect(page.unsaved()).toBe(true);
    element.querySelector('form')?.dispatchEvent(new Event('submit'));
    await settle();
    await settle();
    expect(horizon?.value).toBe('14');
    expect(page.unsaved()).toBe(true);
    type(horizon, '7');
    type(notice, '15');
    expect(page.unsaved()).toBe(false);
  });

  it('offers the zones that the server takes', async () => {
    const { element } = await shown();
    const names = [...element.querySelectorAll('datalist option')].map((option) => (option as HTMLOptionElement).value);
    expect(names).toEqual(['Asia/Kolkata', 'Europe/Kyiv']);
  });
});
