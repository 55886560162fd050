// Which element does what.
import type { Desk } from './desk.ts';
import { element, inputs } from './view.ts';

export function wire(desk: Desk): void {
  const on = (id: string, act: () => unknown) => element(id).addEventListener('click', () => void act());
  const { phone, skill, firstName, lastName, note } = inputs;
  const personal = element<HTMLInputElement>('personal');
  phone().addEventListener('input', () => desk.edit({ phone: phone().value.trim() }));
  firstName().addEventListener('input', () => desk.edit({ firstName: firstName().value }));
  lastName().addEventListener('input', () => desk.edit({ lastName: lastName().value }));
  note().addEventListener('input', () => desk.edit({ note: note().value }));
  personal.addEventListener('change', () => desk.edit({ personal: personal.checked }));
  skill().addEventListener('change', () => void desk.chooseSkill(skill().value));
  element('form').addEventListener('submit', (event) => {
    event.preventDefault();
    void desk.submit();
  });
  on('retry', () => desk.tryAgain());
  on('again', () => desk.nextCall());
  on('move', () => desk.beginMoving());
  on('keep', () => desk.stopMoving());
  on('cancel', () => desk.askToCancel(true));
  on('cancel-no', () => desk.askToCancel(false));
  on('cancel-yes', () => desk.cancel());
}
