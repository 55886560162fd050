import { Component, input } from '@angular/core';
import { Icon } from './icon';

/** Shown in place of an empty list. The content says what to do next. */
@Component({
  selector: 'cm-empty-state',
  imports: [Icon],
  template: `
    <cm-icon [path]="icon()" />
    <h2>{{ heading() }}</h2>
    <p class="muted"><ng-content /></p>
    <div class="actions"><ng-content select="[action]" /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 6px;
      padding: 40px 20px;
      text-align: center;
    }
    cm-icon {
      width: 36px;
      height: 36px;
      color: var(--cm-line-strong);
    }
    p {
      max-width: 52ch;
    }
    .actions:not(:empty) {
      margin-top: 10px;
      justify-content: center;
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<string>();
  readonly heading = input.required<string>();
}
