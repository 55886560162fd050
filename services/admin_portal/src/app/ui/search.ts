import { Component, type OnDestroy, inject, input } from '@angular/core';
import { mdiMagnify } from '@mdi/js';
import { ListQuery } from '../core/list-query';
import { Icon } from './icon';

const DEBOUNCE_MS = 250; // after the last key

/** The search of the list below it; searches while the user types. */
@Component({
  selector: 'cm-search',
  imports: [Icon],
  template: `
    <label>
      <cm-icon [path]="icon" />
      <span class="visually-hidden">{{ label() }}</span>
      <input
        type="search"
        [placeholder]="label()"
        [value]="query.q()"
        (input)="search($event)"
        autocomplete="off"
        spellcheck="false"
      />
    </label>
  `,
  styles: `
    :host {
      flex: 1 1 220px;
      max-width: 380px;
    }
    label {
      display: flex;
      align-items: center;
      gap: 8px;
      height: 38px;
      padding: 0 12px;
      border: 1px solid var(--cm-line-strong);
      border-radius: 8px;
      background: var(--cm-card);
      color: var(--cm-muted);
    }
    label:focus-within {
      outline: 2px solid var(--cm-accent);
      outline-offset: -1px;
    }
    input {
      flex: 1;
      min-width: 0;
      border: 0;
      outline: 0;
      background: none;
      color: var(--cm-ink);
      font: inherit;
    }
    input::placeholder {
      color: var(--cm-muted);
      opacity: 1;
    }
  `,
})
export class Search implements OnDestroy {
  readonly label = input('Search');
  protected readonly query = inject(ListQuery);
  protected readonly icon = mdiMagnify;
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected search(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.query.set({ q: value.trim() }), DEBOUNCE_MS);
  }

  ngOnDestroy(): void {
    clearTimeout(this.timer);
  }
}
