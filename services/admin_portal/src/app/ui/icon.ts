import { Component, input } from '@angular/core';

/** An icon from a path of @mdi/js. Hidden from screen readers: the control around it has the name. */
@Component({
  selector: 'cm-icon',
  template: '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path [attr.d]="path()" /></svg>',
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      width: 20px;
      height: 20px;
      vertical-align: -5px;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: currentColor;
    }
  `,
})
export class Icon {
  readonly path = input.required<string>();
}
