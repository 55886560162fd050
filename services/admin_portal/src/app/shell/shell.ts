import { A11yModule } from '@angular/cdk/a11y';
import { Component, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatIconButton } from '@angular/material/button';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { mdiMenu } from '@mdi/js';
import { filter } from 'rxjs';
import { Session } from '../core/session';
import { Icon } from '../ui/icon';
import { NAVIGATION } from './navigation';
import { SessionRenewal } from './session-renewal';
import { UserMenu } from './user-menu';

/** The frame of every page behind the sign-in: navigation, user menu, and the link that skips to the content. */
@Component({
  selector: 'cm-shell',
  imports: [A11yModule, Icon, MatIconButton, RouterLink, RouterLinkActive, RouterOutlet, UserMenu],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
  host: { '(keydown.escape)': 'open.set(false)' },
})
export class Shell {
  private readonly session = inject(Session);
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  protected readonly open = signal(false);
  protected readonly menuIcon = mdiMenu;
  protected readonly groups = computed(() =>
    NAVIGATION.map(({ group, links }) => ({
      group,
      links: links.filter(({ needs }) => !needs || this.session.hasRole(needs)),
    })).filter(({ links }) => links.length > 0),
  );

  constructor() {
    inject(SessionRenewal);
    let path = '';
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe((event) => {
        const next = event.urlAfterRedirects.split('?')[0] ?? '';
        this.open.set(false);
        // Moves the focus to the new page, so that screen readers and the Tab key start at its top.
        if (path && path !== next) this.skipToContent();
        path = next;
      });
  }

  protected skipToContent(): void {
    this.main().nativeElement.focus({ preventScroll: true });
  }
}
