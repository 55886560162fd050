import { provideRouter } from '@angular/router';
import { TestBed } from '@angular/core/testing';
import { Api } from '../../core/api';
import { ApiClientPage } from './api-client-page';

const CLIENT = {
  id: '3',
  version: 1,
  name: 'IVR Chicago',
  scopes: ['ivr'],
  enabled: true,
  ratePerSecond: null,
  always200: true,
  keyHint: 'new4',
  lastUsedAt: null,
  previousKey: { keyHint: 'old4', endsAt: '2099-01-01T00:00:00+00:00', lastUsedAt: new Date().toISOString() },
};

async function shown(client: object): Promise<{ text: string; page: HTMLElement }> {
  const GET = () => Promise.resolve({ data: client, response: new Response() });
  TestBed.configureTestingModule({
    providers: [provideRouter([]), { provide: Api, useValue: { http: { GET } } }],
  });
  const component = TestBed.createComponent(ApiClientPage);
  component.componentRef.setInput('id', '3');
  await component.whenStable();
  const page = component.nativeElement as HTMLElement;
  return { text: (page.textContent ?? '').replaceAll(/\s+/g, ' '), page };
}

describe('the keys of an API client', () => {
  it('are both shown with their last use while two work', async () => {
    const { text } = await shown(CLIENT);
    expect(text).toContain('The key that ends with new4: not used yet.');
    expect(text).toMatch(/ends with old4, works until .*2099.*: last used just now\./);
    expect(text).toContain('End the old key now');
  });

  it('are one otherwise', async () => {
    const { text } = await shown({ ...CLIENT, previousKey: null, lastUsedAt: new Date().toISOString() });
    expect(text).toContain('The key that ends with new4: last used just now.');
    expect(text).not.toContain('End the old key now');
  });
});

it('says how refusals of the calls for voice are answered', async () => {
  const { text } = await shown(CLIENT);
  expect(text).toContain('always 200, with the code in “result”');
  TestBed.resetTestingModule();
  expect((await shown({ ...CLIENT, always200: false })).text).toContain('with their HTTP status');
});
