import { Injectable, computed, inject, signal } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { Api, type Schemas, unwrap } from './api';
import { Problem } from './problem';
import { type Role, roleIncludes } from './roles';

export type Me = Schemas['Me'];
export type LoginMethod = Schemas['LoginMethod'];

/** Who is signed in, and what they may do. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(Api);
  private readonly current = signal<Me | undefined>(undefined);
  readonly me = this.current.asReadonly();
  readonly operator = computed(() => this.hasRole('operator'));
  readonly supervisor = computed(() => this.hasRole('supervisor'));
  readonly administrator = computed(() => this.hasRole('administrator'));

  /** False for who is limited to some skills: the rest of the system is not theirs to change. */
  readonly allSkills = computed(() => this.current()?.allSkills ?? false);
  readonly seesPhones = computed(() => this.current()?.seesPhones ?? false);
  readonly mayExport = computed(() => this.current()?.mayExport ?? false);

  hasRole(role: Role): boolean {
    return roleIncludes(this.current()?.role, role);
  }

  /** True when this browser has a valid session cookie. Throws when the server does not answer. */
  async restore(): Promise<boolean> {
    return !!this.current() || this.resume();
  }

  /** The same, asked anew: somebody may have signed in on another page meanwhile. */
  async resume(): Promise<boolean> {
    try {
      this.start(await unwrap(this.api.http.GET('/admin/api/v1/auth/me')));
      return true;
    } catch (error) {
      if (Problem.of(error).status === 401) return false;
      throw error;
    }
  }

  /** Reads anew what the person may do and must do first. */
  async refresh(): Promise<void> {
    this.start(await unwrap(this.api.http.GET('/admin/api/v1/auth/me')));
  }

  /** Who can check a password: the portal itself, and the directories that are set up. */
  async loginMethods(): Promise<readonly LoginMethod[]> {
    return (await unwrap(this.api.http.GET('/admin/api/v1/auth/methods'))).items;
  }

  /** What the word means with which a sign-in at a provider came back refused. */
  async refusal(code: string): Promise<Problem> {
    const { items } = await unwrap(this.api.http.GET('/admin/api/v1/auth/oidc/refusals'));
    const known = items.find((item) => item.code === code);
    return new Problem(403, 'login_refused', known?.detail ?? 'You could not be signed in. Try again.');
  }

  /** Throws the problem `mfa_required` when the password is right and a code is needed as well. */
  async signIn(name: string, password: string, source: 'local' | 'ldap' = 'local', code?: string): Promise<void> {
    const body = { name, password, source, ...(code && { code }) };
    this.start(await unwrap(this.api.http.POST('/admin/api/v1/auth/login', { body })));
  }

  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    const body = { currentPassword, newPassword };
    this.start(await unwrap(this.api.http.POST('/admin/api/v1/auth/password', { body })));
  }

  async signOut(): Promise<void> {
    await this.end(() => unwrap(this.api.http.POST('/admin/api/v1/auth/logout')));
  }

  /** Ends every session of this person, on whichever computer. */
  async signOutEverywhere(): Promise<void> {
    await this.end(() => unwrap(this.api.http.POST('/admin/api/v1/auth/logout-everywhere')));
  }

  private async end(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (Problem.of(error).status !== 401) throw error; // 401: the session had ended already
    }
    this.current.set(undefined);
  }

  private start(me: Me): void {
    this.api.csrfToken = me.csrfToken;
    this.current.set(me);
  }
}

/** Sends everybody without a session to the sign-in page, which leads back to the address they wanted. */
export const authGuard: CanActivateFn = async (_, state) => {
  const router = inject(Router);
  const session = inject(Session);
  try {
    if (!(await session.restore())) return router.createUrlTree(['/login'], { queryParams: { to: state.url } });
    const first = session.me()?.mustChange ? '/password' : session.me()?.mustSetUpMfa ? '/second-factor' : undefined;
    return first && state.url !== first ? router.createUrlTree([first]) : true;
  } catch {
    return router.createUrlTree(['/login'], { queryParams: { to: state.url, down: 1 } });
  }
};
