import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { mdiArrowLeft } from '@mdi/js';
import { Icon } from './icon';

/** The list that a page belongs to. */
export interface BackLink {
  readonly link: string;
  readonly label: string;
}

/** The frame of a page: a link back, the heading, what the page is for, and the actions. */
@Component({
  selector: 'cm-page',
  imports: [Icon, RouterLink],
  template: `
    @if (back(); as target) {
      <a class="back" [routerLink]="target.link"><cm-icon [path]="arrow" /> {{ target.label }}</a>
    }
    <header>
      <div class="title">
        <h1>{{ heading() }} <ng-content select="[after]" /></h1>
        @if (lead()) {
          <p class="muted">{{ lead() }}</p>
        }
      </div>
      <div class="actions"><ng-content select="[actions]" /></div>
    </header>
    <div class="stack"><ng-content /></div>
  `,
  styles: `
    :host {
      display: block;
      max-width: 1320px;
      margin: 0 auto;
      padding: 22px 28px 48px;
    }
    header {
      display: flex;
      flex-wrap: wrap;
      gap: 12px 24px;
      justify-content: space-between;
      align-items: flex-end;
      margin-bottom: 18px;
    }
    .title {
      min-width: 0;
    }
    h1 {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 10px;
      overflow-wrap: anywhere;
    }
    p {
      max-width: 74ch;
      margin-top: 2px;
    }
    .back {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      margin: -6px 0 6px -4px;
      font-size: 13px;
    }
    .back cm-icon {
      width: 16px;
      height: 16px;
    }
    @media (max-width: 640px) {
      :host {
        padding: 16px 16px 40px;
      }
    }
  `,
})
export class Page {
  readonly heading = input.required<string>();
  readonly lead = input<string>();
  readonly back = input<BackLink>();
  protected readonly arrow = mdiArrowLeft;
}
