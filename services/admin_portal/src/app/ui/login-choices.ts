import { Component, input, model } from '@angular/core';
import type { LoginMethod } from '../core/session';

/** Which account a password is of, where there is more than one kind; and which of them cannot be asked now. */
@Component({
  selector: 'cm-login-choices',
  template: `
    @if (methods().length > 1) {
      <fieldset>
        <legend class="muted">Sign in with</legend>
        @for (method of methods(); track method.source) {
          <label>
            <input
              type="radio"
              name="source"
              [checked]="method.source === source()"
              (change)="source.set(method.source)"
            />
            {{ method.label }}
          </label>
        }
      </fieldset>
    }
    @for (method of methods(); track method.source) {
      @if (!method.available) {
        <p class="warn" role="status">{{ method.label }} does not answer at the moment. Other ways to sign in work.</p>
      }
    }
  `,
  styles: `
    :host:empty {
      display: none;
    }
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 18px;
      margin: 0;
      border: 0;
      padding: 0;
    }
    legend {
      padding: 0;
    }
    label {
      display: flex;
      gap: 6px;
      align-items: center;
      cursor: pointer;
    }
  `,
})
export class LoginChoices {
  readonly methods = input.required<readonly LoginMethod[]>();
  readonly source = model.required<LoginMethod['source']>();
}
