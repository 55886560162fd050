import { Component, input, signal } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { mdiEyeOffOutline, mdiEyeOutline } from '@mdi/js';
import { Icon } from './icon';

/** A text, date, time or password input with its label, hint and errors. */
@Component({
  selector: 'cm-text-field',
  imports: [FormField, Icon, MatFormFieldModule, MatIconButton, MatInput],
  template: `
    <mat-form-field [floatLabel]="labelAbove.has(type()) ? 'always' : 'auto'">
      <mat-label>{{ label() }}</mat-label>
      @if (lines() > 1) {
        <textarea matInput [rows]="lines()" [formField]="field()"></textarea>
      } @else {
        <input
          matInput
          [type]="revealed() ? 'text' : type()"
          [formField]="field()"
          [attr.autocomplete]="autocomplete()"
          [attr.autocapitalize]="type() === 'text' ? null : 'none'"
          [attr.list]="list()"
          spellcheck="false"
        />
      }
      @if (type() === 'password') {
        <button
          matIconButton
          matSuffix
          type="button"
          [attr.aria-label]="revealed() ? 'Hide the password' : 'Show the password'"
          (click)="revealed.set(!revealed())"
        >
          <cm-icon [path]="revealed() ? hideIcon : showIcon" />
        </button>
      }
      @if (hint()) {
        <mat-hint>{{ hint() }}</mat-hint>
      }
      @for (error of field()().errors(); track $index) {
        <mat-error>{{ error.message ?? 'This value is not valid.' }}</mat-error>
      }
    </mat-form-field>
  `,
  styles: ':host { display: block; }',
})
export class TextField {
  readonly field = input.required<FieldTree<string>>();
  readonly label = input.required<string>();
  readonly hint = input<string>();
  readonly type = input<'text' | 'password' | 'date' | 'time' | 'datetime-local' | 'tel'>('text');
  readonly autocomplete = input('off');
  readonly lines = input(1);
  readonly list = input<string>();
  protected readonly revealed = signal(false);
  // While empty, these inputs show a pattern, which the label would cover.
  protected readonly labelAbove = new Set(['date', 'time', 'datetime-local']);
  protected readonly showIcon = mdiEyeOutline;
  protected readonly hideIcon = mdiEyeOffOutline;
}
