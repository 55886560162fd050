import { Component, inject } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import {
  mdiAccountCircleOutline,
  mdiCheck,
  mdiLockReset,
  mdiLogout,
  mdiThemeLightDark,
  mdiWeatherNight,
  mdiWhiteBalanceSunny,
} from '@mdi/js';
import { type Look, LookStore } from '../core/look';
import { Session } from '../core/session';
import { Icon } from '../ui/icon';

const LOOKS: readonly { look: Look; label: string; icon: string }[] = [
  { look: 'system', label: 'Like the system', icon: mdiThemeLightDark },
  { look: 'light', label: 'Light', icon: mdiWhiteBalanceSunny },
  { look: 'dark', label: 'Dark', icon: mdiWeatherNight },
];

@Component({
  selector: 'cm-user-menu',
  imports: [Icon, MatMenuModule, RouterLink],
  template: `
    @if (session.me(); as me) {
      <button type="button" class="who" [matMenuTriggerFor]="menu">
        <cm-icon [path]="icons.who" />
        <span
          ><b>{{ me.displayName }}</b
          ><small>{{ me.role }}</small></span
        >
      </button>
    }
    <mat-menu #menu>
      @for (choice of looks; track choice.look) {
        <button mat-menu-item (click)="look.look.set(choice.look)" [attr.aria-current]="look.look() === choice.look">
          <span class="item">
            <cm-icon [path]="choice.icon" /> {{ choice.label }}
            @if (look.look() === choice.look) {
              <cm-icon class="end" [path]="icons.chosen" />
            }
          </span>
        </button>
      }
      <a mat-menu-item routerLink="/password"
        ><span class="item"><cm-icon [path]="icons.password" /> Change password</span></a
      >
      <button mat-menu-item (click)="leave()">
        <span class="item"><cm-icon [path]="icons.leave" /> Sign out</span>
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
    .who {
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
    .who:hover {
      background: var(--cm-grey-soft);
    }
    .who span {
      display: grid;
      min-width: 0;
      line-height: 17px;
    }
    .who b {
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
  protected readonly look = inject(LookStore);
  protected readonly looks = LOOKS;
  protected readonly icons = {
    who: mdiAccountCircleOutline,
    chosen: mdiCheck,
    password: mdiLockReset,
    leave: mdiLogout,
  };

  protected async leave(): Promise<void> {
    await this.session.signOut();
    await this.router.navigateByUrl('/login');
  }
}
