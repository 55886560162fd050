import { Component, computed, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import type { Choice, ChoiceSource } from '../core/choices';
import { choiceList } from './choice-list';

/** A select of a form in which several can be chosen. */
@Component({
  selector: 'cm-choices-field',
  imports: [FormField, MatFormFieldModule, MatSelectModule],
  template: `
    <mat-form-field>
      <mat-label>{{ label() }}</mat-label>
      <mat-select multiple [formField]="field()" (opened)="list().retry()">
        @for (choice of list().choices; track choice.value) {
          <mat-option [value]="choice.value">{{ choice.label }}</mat-option>
        }
        @if (list().message; as message) {
          <mat-option disabled>{{ message }}</mat-option>
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
export class ChoicesField {
  readonly field = input.required<FieldTree<string[]>>();
  readonly label = input.required<string>();
  readonly choices = input.required<readonly Choice[] | ChoiceSource>();
  readonly hint = input<string>();
  protected readonly list = computed(() => choiceList(this.choices()));
}
