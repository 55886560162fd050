import { Component, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';

/** A number input with its label, unit, hint and errors; an empty input is null. */
@Component({
  selector: 'cm-number-field',
  imports: [FormField, MatFormFieldModule, MatInput],
  template: `
    <mat-form-field>
      <mat-label>{{ label() }}</mat-label>
      <input matInput type="number" [attr.step]="step()" inputmode="decimal" [formField]="field()" autocomplete="off" />
      @if (unit()) {
        <span matTextSuffix class="muted">{{ unit() }}</span>
      }
      @if (hint()) {
        <mat-hint>{{ hint() }}</mat-hint>
      }
      @for (error of field()().errors(); track $index) {
        <mat-error>{{ error.message ?? 'This number is not valid.' }}</mat-error>
      }
    </mat-form-field>
  `,
  styles: ':host { display: block; }',
})
export class NumberField {
  readonly field = input.required<FieldTree<number | null>>();
  readonly label = input.required<string>();
  readonly hint = input<string>();
  readonly unit = input<string>();
  readonly step = input<string>('1');
}
