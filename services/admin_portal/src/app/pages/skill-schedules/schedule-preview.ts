import { Component, input } from '@angular/core';
import type { Schemas } from '../../core/api';
import { dayName } from '../../core/date-time';
import { SlotStrip } from '../../ui/slot-strip';

/** The coming days with their slots, booked and total places; days with a clock change are marked. */
@Component({
  selector: 'cm-schedule-preview',
  imports: [SlotStrip],
  template: `
    <div class="scroll-x">
      <div class="days">
        <div class="hours" aria-hidden="true">
          @for (hour of hours; track hour) {
            <span>{{ hour }}</span>
          }
        </div>
        @for (day of days(); track day.date) {
          <span class="date">
            {{ dayName(day.date) }}
            @if (day.clockChangeMinutes) {
              <small class="warn">clocks go {{ day.clockChangeMinutes > 0 ? 'forward' : 'back' }}</small>
            }
          </span>
          @if (day.slots.length) {
            <cm-slot-strip [slots]="day.slots" />
          } @else {
            <span class="muted small closed">closed</span>
          }
          <span class="sum num"
            >{{ day.booked }} <span class="muted">/ {{ day.capacity }}</span></span
          >
        }
      </div>
    </div>
  `,
  styles: `
    .days {
      display: grid;
      grid-template-columns: 128px minmax(640px, 1fr) 74px;
      gap: 4px 12px;
      align-items: center;
      min-width: 880px;
    }
    .hours {
      grid-column: 2;
      display: grid;
      grid-template-columns: repeat(12, minmax(0, 1fr));
      color: var(--cm-muted);
      font-size: 11px;
    }
    .date {
      grid-column: 1;
      display: grid;
      line-height: 16px;
    }
    .closed {
      line-height: 30px;
    }
    .sum {
      text-align: right;
    }
    small {
      font-size: 12px;
    }
  `,
})
export class SchedulePreview {
  readonly days = input.required<readonly Schemas['PreviewDay'][]>();
  protected readonly hours = Array.from({ length: 12 }, (_, at) => String(at * 2).padStart(2, '0'));
  protected readonly dayName = dayName;
}
