import { Injectable, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { Api } from '../core/api';
import { Session } from '../core/session';

/**
 * Asks the user to sign in again when the session expires while a page is open. The dialog stands over the page, so
 * nothing on it is lost, and the refused request is sent again afterwards.
 */
@Injectable({ providedIn: 'root' })
export class SessionRenewal {
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(Session);
  private pending: Promise<boolean> | undefined;

  constructor() {
    // Requests that are refused at the same time share one dialog.
    inject(Api).renewSession = () => (this.pending ??= this.renew().finally(() => (this.pending = undefined)));
  }

  private async renew(): Promise<boolean> {
    const before = this.session.me()?.name;
    if (!before) return false;
    const { SessionExpiredDialog } = await import('./session-expired-dialog');
    const opened = this.dialog.open<unknown, string, boolean>(SessionExpiredDialog, {
      data: before,
      disableClose: true,
      width: '400px',
    });
    if (!(await firstValueFrom(opened.afterClosed()))) {
      location.assign(`/login?to=${encodeURIComponent(location.pathname + location.search)}`);
      return false;
    }
    // The page may hold what another user must not see, so it is loaded again for them.
    if (this.session.me()?.name !== before) location.reload();
    return true;
  }
}
