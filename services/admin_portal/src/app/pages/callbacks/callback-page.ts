import { Component, computed, inject, input, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import { mdiAccountRemoveOutline, mdiCalendarArrowRight, mdiPhoneForwardOutline, mdiPhoneRemoveOutline } from '@mdi/js';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Api, type ApiResponse, type Schemas, unwrap } from '../../core/api';
import { actorName } from '../../core/actor';
import { Session } from '../../core/session';
import { wallClock, wallMoment, wallTime } from '../../core/date-time';
import { Confirm } from '../../ui/confirm';
import { ErasePerson } from '../../ui/erase-person';
import { ErrorBanner } from '../../ui/error-banner';
import { Icon } from '../../ui/icon';
import { Snackbar } from '../../ui/snackbar';
import { Page } from '../../ui/page';
import { PhoneNumber } from '../../ui/phone-number';
import { Status } from '../../ui/status';
import { CancelDialog } from './cancel-dialog';
import { ucceStatus } from './ucce-status';
import { RescheduleDialog } from './reschedule-dialog';

type Detail = Schemas['CallbackDetail'];
const AGENT_ENDS: Record<NonNullable<Detail['agentOutcome']>, string> = {
  agent: 'spoke with the customer',
  skill: 'did not become free: the call went to the skill',
  agent_unavailable: 'was not available: the customer is called again',
};
const ONE = '/admin/api/v1/callbacks/{account_number}';

@Component({
  selector: 'cm-callback-page',
  imports: [ErrorBanner, Icon, MatButton, MatProgressBar, Page, PhoneNumber, RouterLink, Status],
  templateUrl: './callback-page.html',
  styleUrl: './callback-page.scss',
})
export class CallbackPage {
  private readonly http = inject(Api).http;
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);
  private readonly erasePerson = inject(ErasePerson);
  protected readonly session = inject(Session);
  readonly accountNumber = input.required<string>();
  protected readonly busy = signal(false);
  protected readonly result = resource({
    params: () => this.accountNumber(),
    loader: ({ params, abortSignal }) =>
      unwrap(this.http.GET(ONE, { params: { path: { account_number: params } }, signal: abortSignal })),
  });
  protected readonly movable = computed(
    () => this.session.operator() && this.result.hasValue() && this.result.value().status === 'scheduled',
  );
  /** The whole number, for those who may erase: `removed` and a masked one have no `+`. */
  protected readonly erasable = computed(() => {
    const phone = this.result.hasValue() && this.session.administrator() ? this.result.value().phone : '';
    return phone.startsWith('+') ? phone : undefined;
  });
  protected readonly callData = computed(() => Object.entries(this.result.value()?.callData ?? {}));
  protected readonly icons = {
    move: mdiCalendarArrowRight,
    cancel: mdiPhoneRemoveOutline,
    now: mdiPhoneForwardOutline,
    erase: mdiAccountRemoveOutline,
  };
  protected readonly back = { link: '/callbacks', label: 'Callbacks' };
  protected readonly wallClock = wallClock;
  protected readonly wallTime = wallTime;
  protected readonly wallMoment = wallMoment;
  protected readonly actorName = actorName;
  protected readonly ucceStatus = ucceStatus;
  protected readonly agentEnds = AGENT_ENDS;

  protected async move(callback: Detail): Promise<void> {
    const opened = this.dialog.open<RescheduleDialog, Detail, Detail>(RescheduleDialog, {
      data: callback,
      width: '440px',
    });
    const moved = await firstValueFrom(opened.afterClosed());
    if (!moved) return;
    this.result.set(moved);
    this.snackbar.done(`Moved to ${wallClock(moved.start)}.`);
  }

  protected async cancel(): Promise<void> {
    const opened = this.dialog.open<CancelDialog, unknown, string>(CancelDialog, { width: '440px' });
    const reason = await firstValueFrom(opened.afterClosed());
    if (reason === undefined) return;
    const body = reason ? { reason } : {};
    await this.change('Cancelled.', (params) => this.http.POST(`${ONE}/cancel`, { params, body }));
  }

  protected async dispatchNow(): Promise<void> {
    const confirmed = await this.confirm.ask({
      heading: 'Call the customer now?',
      text: 'The callback goes to the dialer with the next cycle, whatever its time. The place in its slot stays taken.',
      confirmLabel: 'Dispatch now',
    });
    if (confirmed)
      await this.change('It goes to the dialer next.', (params) => this.http.POST(`${ONE}/dispatch-now`, { params }));
  }

  protected async erase(phone: string): Promise<void> {
    this.busy.set(true);
    try {
      if (await this.erasePerson.ask(phone)) this.result.reload();
    } catch (error) {
      this.snackbar.failed(error);
    } finally {
      this.busy.set(false);
    }
  }

  protected consentHow(how: string): string {
    return how === 'booked_by_agent' ? 'an agent booked it for the caller' : 'the caller booked it';
  }

  private async change(
    message: string,
    call: (params: { path: { account_number: string } }) => Promise<ApiResponse<Detail>>,
  ): Promise<void> {
    this.busy.set(true);
    try {
      this.result.set(await unwrap(call({ path: { account_number: this.accountNumber() } })));
      this.snackbar.done(message);
    } catch (error) {
      this.snackbar.failed(error);
      this.result.reload();
    } finally {
      this.busy.set(false);
    }
  }
}
