import { Component, computed, inject } from '@angular/core';
import { ListQuery } from '../../core/list-query';
import { Lookups } from '../../core/lookups';
import { ChoiceFilter } from '../../ui/choice-filter';
import { Search } from '../../ui/search';

export const STATUSES = ['scheduled', 'importing', 'imported', 'completed', 'failed', 'cancelled', 'expired'] as const;
export type StatusName = (typeof STATUSES)[number];

/** The states that a parameter of the address names: `scheduled,failed`. */
export function parseStatuses(text: string): StatusName[] {
  const names = new Set(text.split(','));
  return STATUSES.filter((status) => names.has(status));
}

@Component({
  selector: 'cm-callback-filters',
  imports: [ChoiceFilter, Search],
  template: `
    <div class="filters">
      <cm-search label="Phone or account number" />
      <cm-choice-filter name="skill" label="Skill" [choices]="skills" />
      <cm-choice-filter name="campaign" label="Campaign" [choices]="campaigns" />
      <label
        >From
        <input
          class="plain-input"
          type="date"
          [value]="query.get('from').slice(0, 10)"
          (change)="setDate('from', $event)"
      /></label>
      <label
        >To
        <input class="plain-input" type="date" [value]="query.get('to').slice(0, 10)" (change)="setDate('to', $event)"
      /></label>
    </div>
    <div class="states" role="group" aria-label="States">
      @for (status of statuses; track status) {
        <button type="button" [attr.aria-pressed]="chosen().includes(status)" (click)="toggle(status)">
          {{ status }}
        </button>
      }
      <button type="button" [attr.aria-pressed]="query.get('noResult') !== ''" (click)="toggleNoResult()">
        no result yet
      </button>
      @if (query.filtered()) {
        <button type="button" class="clear" (click)="query.clear()">Clear all filters</button>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      width: 100%;
    }
    .states {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    button {
      padding: 4px 12px;
      border: 1px solid var(--cm-line-strong);
      border-radius: 99px;
      background: var(--cm-card);
      color: var(--cm-ink);
      font: inherit;
      font-size: 13px;
      cursor: pointer;
    }
    button:hover {
      border-color: var(--cm-accent);
    }
    button[aria-pressed='true'] {
      border-color: var(--cm-accent);
      background: var(--cm-accent-soft);
      color: var(--cm-accent);
      font-weight: 560;
    }
    .clear {
      border-color: transparent;
      background: none;
      color: var(--cm-accent);
    }
  `,
})
export class CallbackFilters {
  private readonly lookups = inject(Lookups);
  protected readonly query = inject(ListQuery);
  protected readonly skills = this.lookups.skills();
  protected readonly campaigns = this.lookups.campaigns();
  protected readonly statuses = STATUSES;
  protected readonly chosen = computed(() => parseStatuses(this.query.get('status')));

  protected setDate(name: string, event: Event): void {
    this.query.set({ [name]: (event.target as HTMLInputElement).value });
  }

  protected toggle(status: StatusName): void {
    const chosen = this.chosen();
    const next = chosen.includes(status) ? chosen.filter((other) => other !== status) : [...chosen, status];
    this.query.set({ noResult: '', status: next.join(',') });
  }

  /** Callbacks that UCCE has had for longer than a call takes, still without a result. */
  protected toggleNoResult(): void {
    this.query.set({ noResult: this.query.get('noResult') ? '' : 'yes', status: '' });
  }
}
