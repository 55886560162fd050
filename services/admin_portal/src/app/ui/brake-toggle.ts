import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { Api, unwrap } from '../core/api';
import { Session } from '../core/session';
import { Confirm } from './confirm';
import { Snackbar } from './snackbar';

/** The brake of one skill (its bookings) or one campaign (its hand-over). */
@Component({
  selector: 'cm-brake-toggle',
  imports: [MatSlideToggle],
  template: `
    <mat-slide-toggle
      #toggle
      [checked]="on()"
      [disabled]="!session.operator() || busy()"
      (change)="confirmAndSet(toggle)"
      >{{ texts().label }}</mat-slide-toggle
    >
    <span class="small" [class.muted]="on()" [class.bad]="!on()">{{ on() ? texts().on : texts().off }}</span>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 14px;
      align-items: center;
    }
    mat-slide-toggle {
      --mat-slide-toggle-label-text-size: 14px;
      --mat-slide-toggle-label-text-tracking: normal;
    }
  `,
})
export class BrakeToggle {
  private readonly http = inject(Api).http;
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  readonly kind = input.required<'skill' | 'campaign'>();
  readonly id = input.required<string>();
  readonly on = input.required<boolean>();
  readonly changed = output();
  protected readonly busy = signal(false);
  protected readonly texts = computed(() =>
    this.kind() === 'skill'
      ? {
          label: 'Take bookings',
          on: 'Callers are offered callbacks of this skill.',
          off: 'Callers are offered no callbacks of this skill. What is booked stays booked.',
        }
      : { label: 'Hand over', on: 'Its due callbacks go to the dialer.', off: 'Its due callbacks wait here.' },
  );

  /** What waits already, as a sentence; nothing where it cannot be read. */
  private async countWaiting(): Promise<readonly string[]> {
    const which = this.kind() === 'skill' ? { skillId: this.id() } : { campaignId: this.id() };
    const query = { ...which, status: ['scheduled' as const], pageSize: 1 };
    try {
      const { total, totalIsExact } = await unwrap(this.http.GET('/admin/api/v1/callbacks', { params: { query } }));
      const count = `${totalIsExact ? '' : 'More than '}${total.toLocaleString('en-US')}`;
      return [total === 1 ? '1 booked callback waits.' : `${total === 0 ? 'No' : count} booked callbacks wait.`];
    } catch {
      return [];
    }
  }

  protected async confirmAndSet(toggle: MatSlideToggle): Promise<void> {
    const on = !this.on();
    toggle.checked = !on;
    const waiting = await this.countWaiting();
    const confirmed = await this.confirm.ask({
      heading: `${this.texts().label}: switch ${on ? 'on' : 'off'}?`,
      text: [on ? this.texts().on : this.texts().off, ...waiting].join('\n\n'),
      confirmLabel: on ? 'Switch on' : 'Switch off',
      dangerous: !on,
    });
    if (!confirmed) return;
    this.busy.set(true);
    try {
      const body =
        this.kind() === 'skill' ? { skillId: this.id(), acceptBookings: on } : { campaignId: this.id(), handOver: on };
      await unwrap(this.http.POST('/admin/api/v1/live/brakes', { body }));
      this.changed.emit();
    } catch (error) {
      this.snackbar.failed(error);
    } finally {
      this.busy.set(false);
    }
  }
}
