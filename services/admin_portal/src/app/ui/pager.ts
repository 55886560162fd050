import { Component, computed, inject, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { mdiChevronLeft, mdiChevronRight } from '@mdi/js';
import { ListQuery, PAGE_SIZE } from '../core/list-query';
import { Icon } from './icon';

/** The position in a list of several pages, and the buttons to the neighbouring pages. */
@Component({
  selector: 'cm-pager',
  imports: [Icon, MatIconButton],
  template: `
    <span class="num" aria-live="polite">{{ summary() }}</span>
    @if (pages() > 1) {
      <button matIconButton type="button" aria-label="Previous page" [disabled]="query.page() <= 1" (click)="go(-1)">
        <cm-icon [path]="left" />
      </button>
      <button matIconButton type="button" aria-label="Next page" [disabled]="query.page() >= pages()" (click)="go(1)">
        <cm-icon [path]="right" />
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      justify-content: flex-end;
      align-items: center;
      gap: 6px;
      min-height: 40px;
      padding: 0 14px;
      border-top: 1px solid var(--cm-line);
      color: var(--cm-muted);
      font-size: 13px;
    }
  `,
})
export class Pager {
  readonly total = input.required<number>();
  protected readonly query = inject(ListQuery);
  protected readonly pages = computed(() => Math.ceil(this.total() / PAGE_SIZE));
  protected readonly summary = computed(() => {
    const first = (this.query.page() - 1) * PAGE_SIZE + 1;
    const last = Math.min(this.total(), first + PAGE_SIZE - 1);
    const total = this.total().toLocaleString('en-US');
    return this.total() <= PAGE_SIZE
      ? `${total} in all`
      : `${first.toLocaleString('en-US')}–${last.toLocaleString('en-US')} of ${total}`;
  });
  protected readonly left = mdiChevronLeft;
  protected readonly right = mdiChevronRight;

  protected go(step: number): void {
    this.query.set({ page: this.query.page() + step });
  }
}
