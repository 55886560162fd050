import { Component, computed, inject, input } from '@angular/core';
import type { ChoiceSource } from '../core/choices';
import { ListQuery } from '../core/list-query';
import { choiceList } from './choice-list';

/** A select above a list that filters it. While its own list is being read it says so. */
@Component({
  selector: 'cm-choice-filter',
  template: `
    <label
      >{{ label() }}
      <select class="select" (change)="choose($event)" (pointerdown)="list().retry()">
        <option value="">All</option>
        @for (choice of list().choices; track choice.value) {
          <option [value]="choice.value" [selected]="choice.value === query.get(name())">{{ choice.label }}</option>
        }
        @if (list().message; as message) {
          <option disabled>{{ message }}</option>
        }
      </select></label
    >
  `,
  styles: ':host { display: contents; }',
})
export class ChoiceFilter {
  /** The parameter of the list's address. */
  readonly name = input.required<string>();
  readonly label = input.required<string>();
  readonly choices = input.required<ChoiceSource>();
  protected readonly query = inject(ListQuery);
  protected readonly list = computed(() => choiceList(this.choices()));

  protected choose(event: Event): void {
    this.query.set({ [this.name()]: (event.target as HTMLSelectElement).value });
  }
}
