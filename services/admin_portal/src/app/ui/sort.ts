import { Component, computed, inject, input } from '@angular/core';
import { mdiArrowDown, mdiArrowUp } from '@mdi/js';
import { ListQuery } from '../core/list-query';
import { Icon } from './icon';

/** A column's head that sorts by it: `<th cmSort="name">Name</th>`. */
@Component({
  selector: 'th[cmSort]',
  imports: [Icon],
  template: `
    <button type="button" (click)="turn()">
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
export class Sort {
  readonly cmSort = input.required<string>();
  /** How the list is sorted while the address says nothing. */
  readonly usual = input('');
  private readonly query = inject(ListQuery);
  protected readonly up = mdiArrowUp;
  protected readonly down = mdiArrowDown;
  protected readonly direction = computed(() => {
    const sort = this.query.sort() || this.usual();
    if (sort === this.cmSort()) return 'ascending';
    return sort === `-${this.cmSort()}` ? 'descending' : null;
  });

  protected turn(): void {
    this.query.set({ sort: this.direction() === 'ascending' ? `-${this.cmSort()}` : this.cmSort() });
  }
}
