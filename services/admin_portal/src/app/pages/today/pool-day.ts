import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Schemas } from '../../core/api';
import { SlotStrip } from '../../ui/slot-strip';

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** The day of one pool: its name, booked and total places, and its slots along the hours of the day. */
@Component({
  selector: 'cm-pool-day',
  imports: [RouterLink, SlotStrip],
  template: `
    <div class="name">
      <a routerLink="/callbacks" [queryParams]="{ skill: pool().skillId, from: pool().date, to: pool().date }">{{
        pool().skill
      }}</a>
      @if (pool().campaign) {
        <small>only {{ pool().campaign }}</small>
      }
      <small>{{ pool().timeZone }}</small>
      @if (closed()) {
        <small class="bad">takes no bookings</small>
      }
    </div>
    <div class="strip">
      @if (pool().slots.length) {
        <div class="hours" aria-hidden="true">
          @for (hour of hours; track hour) {
            <span>{{ hour }}</span>
          }
        </div>
        <cm-slot-strip [slots]="pool().slots" [minute]="minute()" [closed]="closed()" />
      } @else {
        <p class="muted small">No slots today.</p>
      }
    </div>
    <div class="sum num">
      <b>{{ pool().booked }}</b>&ngsp;<span class="muted">/ {{ pool().capacity }}</span>
    </div>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 170px minmax(0, 1fr) 84px;
      gap: 4px 16px;
      align-items: end;
      padding: 8px 0 10px;
      border-top: 1px solid var(--cm-line);
      content-visibility: auto;
      contain-intrinsic-size: auto 66px;
    }
    :host(:first-child) {
      border-top: 0;
    }
    .name {
      display: grid;
      line-height: 17px;
      overflow-wrap: anywhere;
    }
    .name a {
      font-weight: 560;
    }
    small:not(.bad) {
      color: var(--cm-muted);
    }
    small {
      font-size: 12px;
    }
    .hours {
      display: grid;
      grid-template-columns: repeat(12, minmax(0, 1fr));
      color: var(--cm-muted);
      font-size: 11px;
      line-height: 16px;
    }
    .sum {
      text-align: right;
      line-height: 30px;
    }
    @media (max-width: 640px) {
      :host {
        grid-template-columns: minmax(0, 1fr) auto;
      }
      .strip {
        grid-column: 1 / -1;
        grid-row: 2;
        overflow-x: auto;
      }
      .strip > * {
        min-width: 640px;
        display: grid;
      }
    }
  `,
})
export class PoolDay {
  readonly pool = input.required<Schemas['LivePool']>();
  /** The server's time of the data. */
  readonly at = input.required<string>();
  /** Whether a brake keeps the skill, or everything, from taking bookings. */
  readonly closed = input(false);
  protected readonly hours = Array.from({ length: 12 }, (_, at) => String(at * 2).padStart(2, '0'));
  protected readonly minute = computed(() => minuteOfDay(this.at(), this.pool().timeZone));
}

/** The local minute of the day in a zone, from 0 to 1439. */
export function minuteOfDay(instant: string, zone: string): number {
  let format = FORMATS.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    FORMATS.set(zone, format);
  }
  const [hour, minute] = format.format(new Date(instant)).split(':').map(Number) as [number, number];
  return hour * 60 + minute;
}
