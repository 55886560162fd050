// The gadget's elements. The document comes from callback.xml; no style or handler is written into it.
import type { Availability, Callback } from './api.ts';
import type { Form } from './forms.ts';
import type { Texts } from './texts.ts';
import { clock, dayName, long, type Locale, same, short, theirs, zoneName } from './times.ts';

export function element<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`callback.xml has no element ${id}`);
  return found as E;
}

export const inputs = {
  phone: () => element<HTMLInputElement>('phone'),
  skill: () => element<HTMLSelectElement>('skill'),
  firstName: () => element<HTMLInputElement>('first-name'),
  lastName: () => element<HTMLInputElement>('last-name'),
  note: () => element<HTMLInputElement>('note'),
};

export interface Call {
  readonly id: string;
  /** The number that the line shows. */
  readonly shown: string;
}

export class View {
  readonly #texts: Texts;
  readonly #locale: Locale;

  constructor(texts: Texts, locale: Locale) {
    this.#texts = texts;
    this.#locale = locale;
  }

  show(id: string, shown: boolean): void {
    element(id).hidden = !shown;
  }

  shows(id: string): boolean {
    return !element(id).hidden;
  }

  say(id: string, text: string): void {
    element(id).textContent = text;
    // A field that is wrong is told to assistive technology, too.
    const field = document.querySelector(`input[aria-describedby="${id}"], select[aria-describedby="${id}"]`);
    field?.setAttribute('aria-invalid', String(text !== ''));
  }

  busy(busy: boolean): void {
    element<HTMLButtonElement>('book').disabled = busy;
  }

  /** Of the times, the first one that is free. */
  focus(id: string): void {
    const at = id === 'slots' ? element(id).querySelector<HTMLElement>('input:enabled') : element(id);
    at?.focus();
  }

  /** A problem of the whole gadget, with its button; '' removes it. */
  problem(text: string): void {
    this.show('problem', text !== '');
    element('problem-text').textContent = text;
  }

  fields(form: Form): void {
    inputs.phone().value = form.phone;
    inputs.skill().value = form.skill;
    inputs.firstName().value = form.firstName;
    inputs.lastName().value = form.lastName;
    inputs.note().value = form.note;
    element<HTMLInputElement>('personal').checked = form.personal;
  }

  skills(names: readonly string[]): void {
    const select = inputs.skill();
    const chosen = select.value;
    select.replaceChildren(
      new Option(this.#texts.of('choose_skill'), ''),
      ...names.map((name) => new Option(name, name)),
    );
    select.value = chosen;
  }

  /** A button for each call, when there is more than one thing to choose. */
  calls(calls: readonly { id: string; label: string }[], current: string, choose: (id: string) => void): void {
    const buttons = calls.map(({ id, label }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.setAttribute('aria-pressed', String(id === current));
      button.addEventListener('click', () => choose(id));
      return button;
    });
    element('calls').replaceChildren(...buttons);
    this.show('calls', calls.length > 1);
  }

  /** The strip of free times; `chosen` is kept where it is still there. */
  slots(found: Availability | undefined, chosen: string, choose: (start: string) => void): void {
    element('days').replaceChildren(...(found ? found.days.map((day) => this.#day(day, found, chosen, choose)) : []));
    element('slots-zone').textContent = found ? this.#zones(found) : '';
  }

  bookAt(start: string, zone: string, moving: boolean): void {
    const when = start && short(start, zone, this.#locale);
    const name = moving ? (when ? 'move_to' : 'move') : when ? 'book_at' : 'book';
    element('book').textContent = this.#texts.of(name, { when });
  }

  booked(callback: Callback, zone: string): void {
    const dialling = callback.status !== 'scheduled';
    const values = { when: short(callback.start, zone, this.#locale), skill: callback.skill };
    element('booked-title').textContent = this.#texts.of(dialling ? 'booked_dialling' : 'booked_for', values);
    this.show('move', !dialling);
    this.show('cancel', !dialling);
  }

  /** `kind`: booked, moved or cancelled. To be read out to the customer. */
  done(kind: 'booked' | 'moved' | 'cancelled', callback: Callback, zone: string): void {
    const when = long(callback.start, zone, this.#locale);
    const there = callback.customerTimeZone ?? zone;
    const name =
      kind === 'cancelled' ? 'done_cancelled_text' : same(callback.start, zone, there) ? 'done_text_same' : 'done_text';
    const values = { phone: callback.phone, when, theirs: theirs(callback.start, zone, there, this.#locale) };
    element('done-title').textContent = this.#texts.of(`done_${kind}`);
    element('done-text').textContent = this.#texts.of(name, values);
    element('done-reference').textContent = this.#texts.of('reference', { number: callback.accountNumber });
    this.show('done', true);
    element('done').focus();
  }

  /** The callback that has just been answered: the promise, why, and what happened to it. */
  answered(callback: Callback, zone: string, own: boolean): void {
    const name = [callback.firstName, callback.lastName].filter(Boolean).join(' ') || this.#texts.of('customer');
    const there = callback.customerTimeZone ?? zone;
    element('answered-promise').textContent = this.#texts.of(own ? 'answered_personal' : 'answered_ordinary', {
      name,
      when: long(callback.start, zone, this.#locale),
      theirs: theirs(callback.start, zone, there, this.#locale),
    });
    const why = Object.entries(callback.callData).flatMap(([label, value]) => [
      textElement('dt', label === 'note' ? this.#texts.of('note') : label),
      textElement('dd', value),
    ]);
    element('answered-why').replaceChildren(...why);
    const history = (callback.history ?? []).map(({ at, to, reason }) => {
      const state = this.#texts.of(`status_${to}`);
      return textElement('li', `${short(at, zone, this.#locale)}: ${state}${reason ? `, ${reason}` : ''}`);
    });
    element('answered-history')
      .querySelector('ol')
      ?.replaceChildren(...history);
    this.show('answered-history', history.length > 0);
    this.show('answered', true);
  }

  #day(
    day: Availability['days'][number],
    of: Availability,
    chosen: string,
    choose: (start: string) => void,
  ): HTMLElement {
    const group = document.createElement('div');
    group.className = 'day';
    group.setAttribute('role', 'group');
    const title = textElement('h3', dayName(day.date, this.#locale));
    title.id = `day-${day.date}`;
    group.setAttribute('aria-labelledby', title.id);
    const list = document.createElement('div');
    list.className = 'times';
    list.append(...day.slots.map((slot) => this.#slot(slot.start, slot.available > 0, of, chosen, choose)));
    group.append(title, list);
    return group;
  }

  #slot(start: string, free: boolean, of: Availability, chosen: string, choose: (start: string) => void): HTMLElement {
    const label = document.createElement('label');
    const radio = document.createElement('input');
    radio.type = 'radio';
    radio.name = 'slot';
    radio.value = start;
    radio.checked = start === chosen;
    radio.disabled = !free;
    radio.addEventListener('change', () => choose(start));
    const there = of.customerTimeZone ?? of.timeZone;
    const differs = !same(start, of.timeZone, there);
    label.append(radio, textElement('span', clock(start, of.timeZone, this.#locale)));
    if (differs) label.append(textElement('small', `(${theirs(start, of.timeZone, there, this.#locale)})`));
    if (!free) label.append(textElement('small', this.#texts.of('full')));
    return label;
  }

  #zones({ timeZone, customerTimeZone }: Availability): string {
    const there = customerTimeZone ?? timeZone;
    const zone = zoneName(timeZone, this.#locale);
    return same(this.#locale.now().toISOString(), timeZone, there)
      ? this.#texts.of('zone', { zone })
      : this.#texts.of('zone_both', { zone, theirs: zoneName(there, this.#locale) });
  }
}

function textElement(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
