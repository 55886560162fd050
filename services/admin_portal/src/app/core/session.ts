import { Injectable, computed, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { CanActivateFn } from '@angular/router';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Api, type Schemas, answer } from './api';
import { Problem } from './problem';
import { type Role, includes } from './roles';

export type Me = Schemas['Me'];

/** Who is signed in, and what they may do. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(Api);
  private readonly dialog = inject(MatDialog);
  private readonly current = signal<Me | undefined>(undefined);
  private again: Promise<boolean> | undefined;
  readonly me = this.current.asReadonly();
  readonly operator = computed(() => this.may('operator'));
  readonly supervisor = computed(() => this.may('supervisor'));
  readonly administrator = computed(() => this.may('administrator'));

  constructor() {
    this.api.signInAgain = () => (this.again ??= this.askAgain().finally(() => (this.again = undefined)));
  }

  may(role: Role): boolean {
    return includes(this.current()?.role as Role | undefined, role);
  }

  /** The session this browser already has, if any. Throws when the server does not answer. */
  async restore(): Promise<boolean> {
    if (this.current()) return true;
    try {
      this.enter(await answer(this.api.http.GET('/admin/api/v1/auth/me')));
      return true;
    } catch (error) {
      if (Problem.of(error).status === 401) return false;
      throw error;
    }
  }

  async signIn(name: string, password: string): Promise<void> {
    this.enter(await answer(this.api.http.POST('/admin/api/v1/auth/login', { body: { name, password } })));
  }

  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    const body = { currentPassword, newPassword };
    this.enter(await answer(this.api.http.POST('/admin/api/v1/auth/password', { body })));
  }

  async signOut(): Promise<void> {
    try {
      await answer(this.api.http.POST('/admin/api/v1/auth/logout'));
    } catch (error) {
      // Signed out already is what was asked for.
      if (Problem.of(error).status !== 401) throw error;
    }
    this.current.set(undefined);
  }

  private enter(me: Me): void {
    this.api.csrfToken = me.csrfToken;
    this.current.set(me);
  }

  /** The session ended while the page was open: sign in over it, so that nothing on it is lost. */
  private async askAgain(): Promise<boolean> {
    const before = this.current()?.name;
    if (!before) return false;
    const { SignInAgain } = await import('../pages/login/sign-in-again');
    const opened = this.dialog.open<unknown, string, boolean>(SignInAgain, {
      data: before,
      disableClose: true,
      width: '400px',
    });
    if (!(await firstValueFrom(opened.afterClosed()))) {
      location.assign(`/login?to=${encodeURIComponent(location.pathname + location.search)}`);
      return false;
    }
    // Another user's page may hold what this one must not see: start afresh.
    if (this.current()?.name !== before) location.reload();
    return true;
  }
}

/** Lets nobody in who is not signed in; remembers where they wanted to go. */
export const signedIn: CanActivateFn = async (_, state) => {
  const router = inject(Router);
  const session = inject(Session);
  try {
    if (!(await session.restore())) return router.createUrlTree(['/login'], { queryParams: { to: state.url } });
    return session.me()?.mustChange && state.url !== '/password' ? router.createUrlTree(['/password']) : true;
  } catch {
    return router.createUrlTree(['/login'], { queryParams: { to: state.url, down: 1 } });
  }
};
