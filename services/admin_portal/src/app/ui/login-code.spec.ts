import { TestBed } from '@angular/core/testing';
import { Problem } from '../core/problem';
import { Session } from '../core/session';
import { LoginForm } from './login-form';

/** The form with a server that wants the code 123456 beside the password. */
function render() {
  const sent: (string | undefined)[] = [];
  const session = {
    loginMethods: () => Promise.resolve([]),
    signIn: (_name: string, _password: string, _source: string, code?: string) => {
      sent.push(code);
      if (code === '123456') return Promise.resolve();
      return Promise.reject(
        code
          ? new Problem(401, 'invalid_credentials', 'The code is wrong.')
          : new Problem(401, 'mfa_required', 'A code.'),
      );
    },
  };
  TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: session }] });
  const fixture = TestBed.createComponent(LoginForm);
  const element = fixture.nativeElement as HTMLElement;
  let entered = 0;
  fixture.componentInstance.entered.subscribe(() => (entered += 1));
  const settle = async () => {
    await fixture.whenStable();
    fixture.detectChanges();
  };
  return {
    sent,
    settle,
    entered: () => entered,
    labels: () => [...element.querySelectorAll('mat-label')].map(({ textContent }) => textContent.trim()),
    alert: () => element.querySelector('cm-error-banner')?.textContent.trim(),
    fill: (name: string, value: string) => {
      const input = element.querySelector<HTMLInputElement>(`input[autocomplete="${name}"]`);
      if (!input) throw new Error(`there is no field for ${name}`);
      input.value = value;
      input.dispatchEvent(new Event('input'));
    },
    submit: async () => {
      element.querySelector('form')?.dispatchEvent(new Event('submit'));
      await settle();
    },
  };
}

describe('signing in with a second factor', { timeout: 30_000 }, () => {
  it('asks for the code once the password was right, and for another one when it was wrong', async () => {
    const page = render();
    await page.settle();
    expect(page.labels()).toEqual(['User name', 'Password']);
    page.fill('username', 'ann');
    page.fill('current-password', 'correct horse battery');
    await page.submit();
    expect(page.labels()).toEqual(['User name', 'Password', 'Code of your authenticator']);
    expect(page.alert()).toBe('');
    page.fill('one-time-code', '000000');
    await page.submit();
    expect(page.alert()).toContain('The code is wrong.');
    page.fill('one-time-code', '123456');
    await page.submit();
    expect(page.sent.map((code) => code ?? '')).toEqual(['', '000000', '123456']);
    expect(page.entered()).toBe(1);
  });
});
