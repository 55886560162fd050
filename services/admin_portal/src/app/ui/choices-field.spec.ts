import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { form } from '@angular/forms/signals';
import { ChoicesField } from './choices-field';

@Component({
  imports: [ChoicesField],
  template: '<cm-choices-field label="Skills" [choices]="skills" [field]="form.skills" />',
})
class Page {
  readonly skills = [
    { value: '1', label: 'Billing' },
    { value: '2', label: 'Support' },
    { value: '3', label: 'Sales' },
  ];
  readonly form = form(signal({ skills: ['1'] }));
}

describe('a select of several', { timeout: 30_000 }, () => {
  it('shows what is chosen, adds to it and takes away from it', async () => {
    const fixture = TestBed.createComponent(Page);
    const element = fixture.nativeElement as HTMLElement;
    fixture.detectChanges();
    await fixture.whenStable();
    fixture.detectChanges();
    const shown = () => element.querySelector('.mat-mdc-select-value')?.textContent?.trim();
    expect(shown()).toBe('Billing');
    (element.querySelector('.mat-mdc-select-trigger') as HTMLElement).click();
    fixture.detectChanges();
    const choose = (label: string) => {
      const options = [...document.querySelectorAll<HTMLElement>('.cdk-overlay-container mat-option')];
      options.find(({ textContent }) => textContent.includes(label))?.click();
      fixture.detectChanges();
    };
    choose('Sales');
    expect(fixture.componentInstance.form.skills().value()).toEqual(['1', '3']);
    expect(shown()).toBe('Billing, Sales');
    choose('Billing');
    expect(fixture.componentInstance.form.skills().value()).toEqual(['3']);
  });
});
