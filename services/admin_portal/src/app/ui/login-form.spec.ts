import { TestBed } from '@angular/core/testing';
import { Api } from '../core/api';
import type { LoginMethod } from '../core/session';
import { LoginForm } from './login-form';

const LOCAL: LoginMethod = { source: 'local', label: 'Local account', available: true };
const LDAP: LoginMethod = { source: 'ldap', label: 'Corp directory', available: true };

async function shown(...items: LoginMethod[]) {
  const sent: unknown[] = [];
  const GET = () => Promise.resolve({ data: { items }, response: new Response() });
  const POST = (_path: string, { body }: { body: unknown }) => {
    sent.push(body);
    return Promise.resolve({ data: {}, response: new Response() });
  };
  TestBed.configureTestingModule({ providers: [{ provide: Api, useValue: { http: { GET, POST } } }] });
  const form = TestBed.createComponent(LoginForm);
  await form.whenStable();
  const element = form.nativeElement as HTMLElement;
  const signIn = async () => {
    for (const [index, text] of ['anna', 'secret'].entries()) {
      const field = element.querySelectorAll<HTMLInputElement>('input.mat-mdc-input-element')[index];
      if (field) field.value = text;
      field?.dispatchEvent(new Event('input'));
    }
    element.querySelector('form')?.dispatchEvent(new Event('submit'));
    await form.whenStable();
    return sent;
  };
  return { element, signIn };
}

describe('the sign-in form', () => {
  it('leads to the company’s own login page where there is one', async () => {
    const oidc: LoginMethod = { source: 'oidc', label: 'Corp login', available: true };
    const { element, signIn } = await shown(LOCAL, oidc);
    const link = element.querySelector('a');
    expect(link?.textContent?.trim()).toBe('Sign in with Corp login');
    expect(link?.getAttribute('href')).toBe('/admin/api/v1/auth/oidc/login');
    expect(element.querySelectorAll('input[type=radio]').length).toBe(0);
    expect(await signIn()).toEqual([{ name: 'anna', password: 'secret', source: 'local' }]);
  });

  it('asks for no choice where there are local accounts only', async () => {
    const { element, signIn } = await shown(LOCAL);
    expect(element.querySelectorAll('input[type=radio]').length).toBe(0);
    expect(await signIn()).toEqual([{ name: 'anna', password: 'secret', source: 'local' }]);
  });

  it('offers the directory first, and local accounts beside it', async () => {
    const { element, signIn } = await shown(LOCAL, LDAP);
    expect(element.querySelector('fieldset')?.textContent).toContain('Corp directory');
    expect(await signIn()).toEqual([{ name: 'anna', password: 'secret', source: 'ldap' }]);
  });

  it('says that the directory does not answer, and takes local accounts meanwhile', async () => {
    const { element, signIn } = await shown(LOCAL, { ...LDAP, available: false });
    expect(element.querySelector('[role=status]')?.textContent).toContain('Corp directory does not answer');
    expect(await signIn()).toEqual([{ name: 'anna', password: 'secret', source: 'local' }]);
  });
});
