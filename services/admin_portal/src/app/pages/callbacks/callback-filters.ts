import { Component, computed, inject } from '@angular/core';
import type { Schemas } from '../../core/api';
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

/** Which callbacks: of the list, and of what is done with all of it. */
export type CallbackFilter = Pick<
  Schemas['BulkCancel'],
  'q' | 'skillId' | 'campaignId' | 'from' | 'to' | 'status' | 'withoutResult'
>;

/** A date of a filter that means today in the zone of each callback's slot. */
export const TODAY = 'today';

/** The filter that the address of the list says. */
export function callbackFilter(query: Pick<ListQuery, 'q' | 'get' | 'filters'>): CallbackFilter {
  const { skill, campaign, ...dates } = query.filters(['skill', 'campaign', 'from', 'to']);
  const status = parseStatuses(query.get('status'));
  return {
    ...(query.q() && { q: query.q() }),
    ...(skill && { skillId: skill }),
    ...(campaign && { campaignId: campaign }),
    ...dates,
    ...(status.length && { status }),
    ...(query.get('noResult') && { withoutResult: true }),
  };
}

/** Whether more than their states narrows the callbacks down. */
export function isNarrowed({ status: _status, withoutResult: _without, ...more }: CallbackFilter): boolean {
  return Object.keys(more).length > 0;
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
        >From <input class="plain-input" type="date" [value]="date('from')" (change)="setDate('from', $event)"
      /></label>
      <label>To <input class="plain-input" type="date" [value]="date('to')" (change)="setDate('to', $event)" /></label>
    </div>
    <div class="states" role="group" aria-label="Day and states">
      <button
        type="button"
        [attr.aria-pressed]="isToday()"
        title="Today where its slot is, in the zone of each skill"
        (click)="toggleToday()"
      >
        today
      </button>
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
  protected readonly isToday = computed(() => this.query.get('from') === TODAY && this.query.get('to') === TODAY);

  /** What a date input shows: nothing for `today`, which is another date in each zone. */
  protected date(name: 'from' | 'to'): string {
    const value = this.query.get(name);
    return value === TODAY ? '' : value.slice(0, 10);
  }

  protected toggleToday(): void {
    const day = this.isToday() ? '' : TODAY;
    this.query.set({ from: day, to: day });
  }

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
