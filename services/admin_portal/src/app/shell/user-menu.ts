import { Component, inject } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import {
  mdiAccountCircleOutline,
  mdiCheck,
  mdiDevices,
  mdiLockReset,
  mdiLogout,
  mdiShieldKeyOutline,
  mdiThemeLightDark,
  mdiWeatherNight,
  mdiWhiteBalanceSunny,
} from '@mdi/js';

import { Session } from '../core/session';
import { Theme, type ThemeChoice } from '../core/theme';
import { Icon } from '../ui/icon';

const THEMES: readonly { value: ThemeChoice; label: string; icon: string }[] = [
  { value: 'system', label: 'Like the system', icon: mdiThemeLightDark },
  { value: 'light', label: 'Light', icon: mdiWhiteBalanceSunny },
  { value: 'dark', label: 'Dark', icon: mdiWeatherNight },
];

@Component({
  selector: 'cm-user-menu',
  imports: [Icon, MatMenuModule, RouterLink],
  template: `
    @if (session.me(); as me) {
      <button type="button" class="user" [matMenuTriggerFor]="menu">
        <cm-icon [path]="icons.user" />
        <span
          ><b>{{ me.displayName }}</b
          ><small>{{ me.role }}{{ me.allSkills ? '' : ', some skills' }}</small></span
        >
      </button>
    }
    <mat-menu #menu>
      @for (choice of themes; track choice.value) {
        <button
          mat-menu-item
          (click)="theme.choice.set(choice.value)"
          [attr.aria-current]="theme.choice() === choice.value"
        >
          <span class="item">
            <cm-icon [path]="choice.icon" /> {{ choice.label }}
            @if (theme.choice() === choice.value) {
              <cm-icon class="end" [path]="icons.check" />
            }
          </span>
        </button>
      }
      @if (session.me()?.source === 'local') {
        <a mat-menu-item routerLink="/password"
          ><span class="item"><cm-icon [path]="icons.password" /> Change password</span></a
        >
      }
      @if (session.me()?.source === 'local') {
        <a mat-menu-item routerLink="/second-factor"
          ><span class="item"><cm-icon [path]="icons.mfa" /> Second factor</span></a
        >
      }
      <a mat-menu-item routerLink="/sessions"
        ><span class="item"><cm-icon [path]="icons.sessions" /> Where you are signed in</span></a
      >
      <button mat-menu-item (click)="signOut()">
        <span class="item"><cm-icon [path]="icons.signOut" /> Sign out</span>
      </button>
    </mat-menu>
  `,
  styles: `
    :host {
      display: block;
      margin-top: 8px;
      border-top: 1px solid var(--cm-line);
      padding-top: 8px;
    }
    .user {
      display: flex;
      align-items: center;
      gap: 10px;
      width: 100%;
      padding: 6px 10px;
      border: 0;
      border-radius: 8px;
      background: none;
      color: inherit;
      font: inherit;
      text-align: left;
      cursor: pointer;
    }
    .user:hover {
      background: var(--cm-grey-soft);
    }
    .user span {
      display: grid;
      min-width: 0;
      line-height: 17px;
    }
    .user b {
      font-weight: 560;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    small {
      color: var(--cm-muted);
    }
    .item {
      display: flex;
      align-items: center;
      gap: 10px;
    }
    .end {
      margin-left: auto;
    }
  `,
})
export class UserMenu {
  private readonly router = inject(Router);
  protected readonly session = inject(Session);
  protected readonly theme = inject(Theme);
  protected readonly themes = THEMES;
  protected readonly icons = {
    user: mdiAccountCircleOutline,
    check: mdiCheck,
    password: mdiLockReset,
    mfa: mdiShieldKeyOutline,
    sessions: mdiDevices,
    signOut: mdiLogout,
  };

  protected async signOut(): Promise<void> {
    await this.session.signOut();
    await this.router.navigateByUrl('/login');
  }
}
