import { Component, resource } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { type Choice, choiceSource } from '../core/choices';
import { ListQuery } from '../core/list-query';
import { ChoiceFilter } from './choice-filter';

@Component({
  imports: [ChoiceFilter],
  providers: [ListQuery],
  template: '<cm-choice-filter name="skill" label="Skill" [choices]="skills" />',
})
class Page {
  resolve!: (choices: readonly Choice[]) => void;
  readonly skills = choiceSource(
    resource({ loader: () => new Promise<readonly Choice[]>((resolve) => (this.resolve = resolve)) }),
    (choices) => choices,
  );
}

it('the select of a list’s filter says that its choices load, then has them', async () => {
  TestBed.configureTestingModule({ providers: [provideRouter([])] });
  const fixture = TestBed.createComponent(Page);
  fixture.detectChanges();
  const element = fixture.nativeElement as HTMLElement;
  const options = () => [...element.querySelectorAll('option')].map(({ textContent }) => textContent);
  expect(options()).toEqual(['All', 'Loading…']);
  fixture.componentInstance.resolve([{ value: '2', label: 'Support' }]);
  await fixture.whenStable();
  expect(options()).toEqual(['All', 'Support']);
});
