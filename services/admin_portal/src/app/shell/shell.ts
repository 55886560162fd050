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
import { UserMenu } from './user-menu';

/** What stands around every page: navigation, the user, and the way back to the content for keyboards. */
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
      links: links.filter(({ needs }) => !needs || this.session.may(needs)),
    })).filter(({ links }) => links.length > 0),
  );

  constructor() {
    let path = '';
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe((event) => {
        const next = event.urlAfterRedirects.split('?')[0] ?? '';
        this.open.set(false);
        // A new page starts at its top, for screen readers and the Tab key too.
        if (path && path !== next) this.skip();
        path = next;
      });
  }

  protected skip(): void {
    this.main().nativeElement.focus({ preventScroll: true });
  }
}
