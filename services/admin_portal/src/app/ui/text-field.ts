import { Component, input, signal } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { mdiEyeOffOutline, mdiEyeOutline } from '@mdi/js';
import { Icon } from './icon';

/** A line of text (or a date, a time, a password) with its label, help and errors. */
@Component({
  selector: 'cm-text-field',
  imports: [FormField, Icon, MatFormFieldModule, MatIconButton, MatInput],
  template: `
    <mat-form-field [floatLabel]="always.has(type()) ? 'always' : 'auto'">
      <mat-label>{{ label() }}</mat-label>
      @if (lines() > 1) {
        <textarea matInput [rows]="lines()" [formField]="field()"></textarea>
      } @else {
        <input
          matInput
          [type]="shown() ? 'text' : type()"
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
          [attr.aria-label]="shown() ? 'Hide the password' : 'Show the password'"
          (click)="shown.set(!shown())"
        >
          <cm-icon [path]="shown() ? hideIcon : showIcon" />
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
  protected readonly shown = signal(false);
  // These show a pattern of their own while empty, which the label must not cover.
  protected readonly always = new Set(['date', 'time', 'datetime-local']);
  protected readonly showIcon = mdiEyeOutline;
  protected readonly hideIcon = mdiEyeOffOutline;
}
