import { Component, computed, input } from '@angular/core';

export interface HeatRow {
  readonly label: string;
  readonly note?: string;
  /** 48 numbers, from 00:00 on. */
  readonly values: readonly number[];
}

/** Days as rows of 48 half hours, darker where the capacity is larger. Screen readers get the total of each row. */
@Component({
  selector: 'cm-heat-map',
  template: `
    <div class="scroll-x">
      <div class="map" role="table" [attr.aria-label]="label()">
        <div class="head" aria-hidden="true">
          <span></span>
          <span class="hours">
            @for (hour of hours; track hour) {
              <span>{{ hour }}</span>
            }
          </span>
        </div>
        @for (row of shownRows(); track row.label) {
          <div class="day" role="row">
            <span class="name" role="rowheader"
              >{{ row.label }}
              @if (row.note) {
                <small class="muted">{{ row.note }}</small>
              }
            </span>
            <span
              class="cells"
              role="cell"
              [attr.aria-label]="row.total ? row.total + ' places, ' + row.times : 'closed'"
            >
              @for (cell of row.cells; track $index) {
                <i [class]="cell.tone" [title]="cell.title">{{ cell.text }}</i>
              }
            </span>
            <span class="total num" role="cell">{{ row.total || '–' }}</span>
          </div>
        }
      </div>
    </div>
  `,
  styleUrl: './heat-map.scss',
})
export class HeatMap {
  readonly rows = input.required<readonly HeatRow[]>();
  readonly label = input('Places per half hour');
  protected readonly hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
  protected readonly shownRows = computed(() => {
    const maximum = Math.max(1, ...this.rows().flatMap(({ values }) => values));
    return this.rows().map(({ label, note, values }) => ({
      label,
      note,
      total: values.reduce((sum, value) => sum + value, 0),
      times: openSpan(values),
      cells: values.map((value, at) => ({
        tone: `t${value === 0 ? 0 : Math.ceil((value / maximum) * 6)}`,
        text: value > 0 && value < 100 ? value : '',
        title: `${clock(at)} ${value}`,
      })),
    }));
  });
}

function clock(at: number): string {
  return `${String(at >> 1).padStart(2, '0')}:${at % 2 ? '30' : '00'}`;
}

function openSpan(values: readonly number[]): string {
  const first = values.findIndex((value) => value > 0);
  const last = values.findLastIndex((value) => value > 0);
  return first < 0 ? '' : `between ${clock(first)} and ${clock(last + 1)}`;
}
