import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { Api, answer } from '../core/api';
import { Session } from '../core/session';
import { Confirm } from './confirm';
import { Notice } from './notice';

/** The brake of one skill (its bookings) or one campaign (its hand-over). */
@Component({
  selector: 'cm-one-brake',
  imports: [MatSlideToggle],
  template: `
    <mat-slide-toggle #toggle [checked]="on()" [disabled]="!session.operator() || busy()" (change)="turn(toggle)">{{
      words().label
    }}</mat-slide-toggle>
    <span class="small" [class.muted]="on()" [class.bad]="!on()">{{ on() ? words().on : words().off }}</span>
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
export class OneBrake {
  private readonly http = inject(Api).http;
  private readonly confirm = inject(Confirm);
  private readonly notice = inject(Notice);
  protected readonly session = inject(Session);
  readonly kind = input.required<'skill' | 'campaign'>();
  readonly id = input.required<string>();
  readonly on = input.required<boolean>();
  readonly changed = output();
  protected readonly busy = signal(false);
  protected readonly words = computed(() =>
    this.kind() === 'skill'
      ? {
          label: 'Take bookings',
          on: 'Callbacks are booked for this skill.',
          off: 'No callbacks are booked for this skill.',
        }
      : { label: 'Hand over', on: 'Its due callbacks go to the dialer.', off: 'Its due callbacks wait here.' },
  );

  protected async turn(toggle: MatSlideToggle): Promise<void> {
    const on = !this.on();
    toggle.checked = !on;
    const sure = await this.confirm.ask({
      heading: `${this.words().label}: switch ${on ? 'on' : 'off'}?`,
      text: on ? this.words().on : this.words().off,
      yes: on ? 'Switch on' : 'Switch off',
      dangerous: !on,
    });
    if (!sure) return;
    this.busy.set(true);
    try {
      const body =
        this.kind() === 'skill' ? { skillId: this.id(), acceptBookings: on } : { campaignId: this.id(), handOver: on };
      await answer(this.http.POST('/admin/api/v1/live/brakes', { body }));
      this.changed.emit();
    } catch (error) {
      this.notice.failed(error);
    } finally {
      this.busy.set(false);
    }
  }
}
