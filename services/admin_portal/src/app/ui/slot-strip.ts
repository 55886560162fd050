import { Component, computed, input } from '@angular/core';
import { wallTime } from '../core/date-time';

export interface StripSlot {
  /** An instant with the pool's offset. */
  readonly start: string;
  readonly capacity: number;
  readonly booked: number;
}

type Tone = 'none' | 'closed' | 'past' | 'free' | 'some' | 'tight' | 'full' | 'over';

interface Cell {
  readonly tone: Tone;
  readonly fill: string;
  readonly text: string;
  readonly title: string;
}

const CLOSED: Cell = { tone: 'none', fill: '0', text: '', title: '' };

/** One day of one pool as 48 half hours, each filled by its booked share. One element per half hour: pages have many. */
@Component({
  selector: 'cm-slot-strip',
  template: `
    <div class="strip" role="img" [attr.aria-label]="summary()">
      @for (cell of cells(); track $index) {
        <i [class]="cell.tone" [title]="cell.title" [style.--fill]="cell.fill">{{ cell.text }}</i>
      }
      @if (nowPercent() !== undefined) {
        <u [style.left.%]="nowPercent()"></u>
      }
    </div>
  `,
  styleUrl: './slot-strip.scss',
})
export class SlotStrip {
  readonly slots = input.required<readonly StripSlot[]>();
  /** Whether no bookings are taken: what is free then is not to be had. */
  readonly closed = input(false);
  /** The current local minute of the day; undefined when the day is not today. */
  readonly minute = input<number>();
  protected readonly nowPercent = computed(() => {
    const minute = this.minute();
    return minute === undefined ? undefined : (minute / 1440) * 100;
  });
  protected readonly cells = computed(() => {
    const cells = new Array<Cell>(48).fill(CLOSED);
    for (const slot of this.slots()) cells[halfHour(slot.start)] = cell(slot, this.minute(), this.closed());
    return cells;
  });
  protected readonly summary = computed(() => {
    const slots = this.slots().filter(({ capacity, booked }) => capacity > 0 || booked > 0);
    if (slots.length === 0) return 'No slots';
    const sum = (of: (slot: StripSlot) => number): number => slots.reduce((total, slot) => total + of(slot), 0);
    const startsOf = (kind: string, matching: readonly StripSlot[]): string =>
      matching.length ? `; ${kind}: ${matching.map(({ start }) => wallTime(start)).join(', ')}` : '';
    const full = slots.filter(({ booked, capacity }) => booked === capacity);
    const over = slots.filter(({ booked, capacity }) => booked > capacity);
    return `${sum(({ booked }) => booked)} of ${sum(({ capacity }) => capacity)} booked${startsOf('full', full)}${startsOf('overcommitted', over)}${this.closed() ? '; closed for bookings' : ''}`;
  });
}

export function halfHour(instant: string): number {
  const [hour, minute] = wallTime(instant).split(':').map(Number) as [number, number];
  return hour * 2 + (minute >= 30 ? 1 : 0);
}

function cell(slot: StripSlot, minute: number | undefined, closed: boolean): Cell {
  const { booked, capacity } = slot;
  if (capacity === 0 && booked === 0) return CLOSED;
  const over = booked > capacity;
  return {
    tone: tone(slot, minute, closed),
    fill: over ? '100%' : `${Math.round((booked / capacity) * 100)}%`,
    text: booked ? String(booked) : '',
    title: `${wallTime(slot.start)}: ${booked} of ${capacity} booked${over ? ', overcommitted' : ''}${closed ? ', closed for bookings' : ''}`,
  };
}

function tone({ booked, capacity, start }: StripSlot, minute: number | undefined, closed: boolean): Tone {
  if (booked > capacity) return 'over';
  if (minute !== undefined && (halfHour(start) + 1) * 30 <= minute) return 'past';
  if (booked === capacity) return 'full';
  if (closed) return 'closed';
  if (booked >= 0.8 * capacity) return 'tight';
  return booked ? 'some' : 'free';
}
