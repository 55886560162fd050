import { Component, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One of a few. */
@Component({
  selector: 'cm-choice-field',
  imports: [FormField, MatFormFieldModule, MatSelectModule],
  template: `
    <mat-form-field>
      <mat-label>{{ label() }}</mat-label>
      <mat-select [formField]="field()">
        @for (choice of choices(); track choice.value) {
          <mat-option [value]="choice.value">{{ choice.label }}</mat-option>
        }
      </mat-select>
      @if (hint()) {
        <mat-hint>{{ hint() }}</mat-hint>
      }
      @for (error of field()().errors(); track $index) {
        <mat-error>{{ error.message ?? 'This choice is not valid.' }}</mat-error>
      }
    </mat-form-field>
  `,
  styles: ':host { display: block; }',
})
export class ChoiceField {
  readonly field = input.required<FieldTree<string>>();
  readonly label = input.required<string>();
  readonly choices = input.required<readonly Choice[]>();
  readonly hint = input<string>();
}
