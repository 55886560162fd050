import { Component, inject, resource } from '@angular/core';
import { ListQuery } from '../../core/list-query';
import { Names } from '../../core/names';
import { Search } from '../../ui/search';

export const STATUSES = ['scheduled', 'importing', 'imported', 'completed', 'failed', 'cancelled', 'expired'] as const;
export type StatusName = (typeof STATUSES)[number];

/** The states in a list's address: `scheduled,failed`. */
export function statusesOf(text: string): StatusName[] {
  const wanted = new Set(text.split(','));
  return STATUSES.filter((status) => wanted.has(status));
}

@Component({
  selector: 'cm-callback-filters',
  imports: [Search],
  template: `
    <div class="filters">
      <cm-search label="Phone or account number" />
      <label
        >Skill
        <select class="select" (change)="set('skill', $event)">
          <option value="">All</option>
          @for (skill of skills.value(); track skill.value) {
            <option [value]="skill.value" [selected]="skill.value === query.get('skill')">{{ skill.label }}</option>
          }
        </select></label
      >
      <label
        >Campaign
        <select class="select" (change)="set('campaign', $event)">
          <option value="">All</option>
          @for (campaign of campaigns.value(); track campaign.value) {
            <option [value]="campaign.value" [selected]="campaign.value === query.get('campaign')">
              {{ campaign.label }}
            </option>
          }
        </select></label
      >
      <label
        >From
        <input class="plain-input" type="date" [value]="query.get('from').slice(0, 10)" (change)="set('from', $event)"
      /></label>
      <label
        >To <input class="plain-input" type="date" [value]="query.get('to').slice(0, 10)" (change)="set('to', $event)"
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
  private readonly names = inject(Names);
  protected readonly query = inject(ListQuery);
  protected readonly skills = resource({ loader: () => this.names.skills(), defaultValue: [] });
  protected readonly campaigns = resource({ loader: () => this.names.campaigns(), defaultValue: [] });
  protected readonly statuses = STATUSES;
  protected readonly chosen = () => statusesOf(this.query.get('status'));

  protected set(name: string, event: Event): void {
    this.query.set({ [name]: (event.target as HTMLInputElement | HTMLSelectElement).value });
  }

  protected toggle(status: StatusName): void {
    const chosen = this.chosen();
    const next = chosen.includes(status) ? chosen.filter((other) => other !== status) : [...chosen, status];
    this.query.set({ noResult: '', status: next.join(',') });
  }

  /** What UCCE has had for longer than a result should take. */
  protected toggleNoResult(): void {
    this.query.set({ noResult: this.query.get('noResult') ? '' : 'yes', status: '' });
  }
}
