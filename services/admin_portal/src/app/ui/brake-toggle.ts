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
          on: 'Callbacks are booked for this skill.',
          off: 'No callbacks are booked for this skill.',
        }
      : { label: 'Hand over', on: 'Its due callbacks go to the dialer.', off: 'Its due callbacks wait here.' },
  );

  protected async confirmAndSet(toggle: MatSlideToggle): Promise<void> {
    const on = !this.on();
    toggle.checked = !on;
    const confirmed = await this.confirm.ask({
      heading: `${this.texts().label}: switch ${on ? 'on' : 'off'}?`,
      text: on ? this.texts().on : this.texts().off,
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
