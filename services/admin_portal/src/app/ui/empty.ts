import { Component, input } from '@angular/core';
import { Icon } from './icon';

/** What stands where nothing is yet; its content says what to do next. */
@Component({
  selector: 'cm-empty',
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
export class Empty {
  readonly icon = input.required<string>();
  readonly heading = input.required<string>();
}
