import { Component, computed, inject, input } from '@angular/core';
import { Session } from '../core/session';

/** A phone number as the server gives it; it says so where that is masked. */
@Component({
  selector: 'cm-phone',
  template: '<span [class.muted]="masked()" [title]="masked() ? why : \'\'">{{ number() }}</span>',
})
export class PhoneNumber {
  private readonly session = inject(Session);
  readonly number = input.required<string>();
  protected readonly why = 'The last two digits: an administrator decides who sees whole numbers';
  protected readonly masked = computed(() => !this.session.seesPhones() && this.number().startsWith('…'));
}
