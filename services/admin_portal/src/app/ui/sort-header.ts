import { Component, computed, inject, input } from '@angular/core';
import { mdiArrowDown, mdiArrowUp } from '@mdi/js';
import { ListQuery } from '../core/list-query';
import { Icon } from './icon';

/** The head of a column that sorts the list by it: `<th cmSort="name">Name</th>`. */
@Component({
  selector: 'th[cmSort]',
  imports: [Icon],
  template: `
    <button type="button" (click)="toggle()">
      <ng-content />
      @if (direction()) {
        <cm-icon [path]="direction() === 'ascending' ? up : down" />
      }
    </button>
  `,
  styles: `
    button {
      display: inline-flex;
      align-items: center;
      gap: 3px;
      padding: 0;
      border: 0;
      background: none;
      color: inherit;
      font: inherit;
      cursor: pointer;
    }
    button:hover {
      color: var(--cm-ink);
    }
    cm-icon {
      width: 14px;
      height: 14px;
    }
  `,
  host: { '[attr.aria-sort]': 'direction()' },
})
export class SortHeader {
  readonly cmSort = input.required<string>();
  /** The order of the list when the address names none; a leading `-` is descending. */
  readonly defaultSort = input('');
  private readonly query = inject(ListQuery);
  protected readonly up = mdiArrowUp;
  protected readonly down = mdiArrowDown;
  protected readonly direction = computed(() => {
    const sort = this.query.sort() || this.defaultSort();
    if (sort === this.cmSort()) return 'ascending';
    return sort === `-${this.cmSort()}` ? 'descending' : null;
  });

  protected toggle(): void {
    this.query.set({ sort: this.direction() === 'ascending' ? `-${this.cmSort()}` : this.cmSort() });
  }
}
