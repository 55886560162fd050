import { Component, resource, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { form } from '@angular/forms/signals';
import { type Choice, choiceSource } from '../core/choices';
import { ChoiceField } from './choice-field';

const SKILLS: readonly Choice[] = [
  { value: '1', label: 'Billing' },
  { value: '2', label: 'Support' },
];

@Component({
  imports: [ChoiceField],
  template: '<cm-choice-field label="Skill" [none]="none()" [choices]="skills" [field]="form.skill" />',
})
class Page {
  /** The list arrives, or fails to, when the test says so. */
  requests: { resolve(choices: readonly Choice[]): void; reject(error: Error): void }[] = [];
  readonly none = signal<string | undefined>(undefined);
  readonly skills = choiceSource(
    resource({
      loader: () => new Promise<readonly Choice[]>((resolve, reject) => this.requests.push({ resolve, reject })),
    }),
    (choices) => choices,
  );
  readonly form = form(signal({ skill: '' }));
}

function render() {
  const fixture = TestBed.createComponent(Page);
  const element = fixture.nativeElement as HTMLElement;
  const page = fixture.componentInstance;
  fixture.detectChanges();
  const click = (target: Element | null | undefined) => {
    (target as HTMLElement).click();
    fixture.detectChanges();
  };
  // An open select has its options in an overlay, outside of the page's element.
  const options = () => [...document.querySelectorAll('.cdk-overlay-container mat-option')];
  return {
    page,
    options,
    labels: () => options().map(({ textContent }) => textContent?.trim()),
    value: () => element.querySelector('.mat-mdc-select-value')?.textContent?.trim(),
    open: () => click(element.querySelector('.mat-mdc-select-trigger')),
    choose: (label: string) => click(options().find(({ textContent }) => textContent?.includes(label))),
    close: () => click(document.querySelector('.cdk-overlay-backdrop')),
    refresh: () => fixture.detectChanges(),
    /** The answer to the request that was made last. */
    answer: async (choices: readonly Choice[] | Error) => {
      const request = page.requests.at(-1);
      if (choices instanceof Error) request?.reject(choices);
      else request?.resolve(choices);
      await fixture.whenStable();
      fixture.detectChanges();
    },
  };
}

// The first test of a file also waits until Material is compiled, which takes seconds on a busy machine.
describe('a select whose list is read from the server', { timeout: 30_000 }, () => {
  it('opened before the list is there, says that it loads, and then has the list without being opened again', async () => {
    const { answer, choose, labels, open, options, page } = render();
    open();
    expect(labels()).toEqual(['Loading…']);
    expect(options()[0]?.getAttribute('aria-disabled')).toBe('true');
    await answer(SKILLS);
    expect(labels()).toEqual(['Billing', 'Support']);
    choose('Support');
    expect(page.form.skill().value()).toBe('2');
  });

  it('shows the label of a stored value as soon as the list is there', async () => {
    const { answer, page, refresh, value } = render();
    page.form.skill().value.set('2');
    refresh();
    expect(value()).toBe('');
    await answer(SKILLS);
    expect(value()).toBe('Support');
  });

  it('has the empty choice from the start', async () => {
    const { answer, labels, open, page, refresh } = render();
    page.none.set('All');
    refresh();
    open();
    expect(labels()).toEqual(['All', 'Loading…']);
    await answer(SKILLS);
    expect(labels()).toEqual(['All', 'Billing', 'Support']);
  });

  it('says that the list could not be loaded, and reads it again when it is opened the next time', async () => {
    const { answer, close, labels, open, refresh } = render();
    open();
    await answer(new Error('no answer'));
    expect(labels()).toEqual(['The list could not be loaded']);
    close();
    open();
    await vi.waitFor(() => {
      refresh();
      expect(labels()).toEqual(['Loading…']);
    });
    await answer(SKILLS);
    expect(labels()).toEqual(['Billing', 'Support']);
  });
});
