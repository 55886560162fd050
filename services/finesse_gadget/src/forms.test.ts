import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Forms } from './forms.ts';

let number = 0;
const make = () => new Forms(() => `key-${++number}`);

test('what a person typed is never filled in over; what is empty still is', () => {
  const forms = make();
  forms.fill('1', { phone: '+13125550142', skill: 'Billing' });
  forms.edit('1', { phone: '+13125550199' });
  forms.fill('1', { phone: '+13125550142', firstName: 'Maria' });
  assert.equal(forms.of('1').phone, '+13125550199');
  assert.equal(forms.of('1').firstName, 'Maria');
});

test('each change is another request, a repeat the same', () => {
  const forms = make();
  const first = forms.of('1').key;
  assert.equal(forms.of('1').key, first);
  forms.edit('1', { note: 'x' });
  assert.notEqual(forms.of('1').key, first);
});

test('a draft brings back each call’s form, but not over what is typed already', () => {
  const forms = make();
  forms.edit('1', { note: 'invoice 7', personal: true });
  forms.edit('', { phone: '+13125550100' });
  forms.fill('2', { phone: '+13125550142' });
  const restored = make();
  restored.edit('', { phone: '+13125550777' });
  restored.restore(forms.draft());
  assert.equal(restored.of('1').note, 'invoice 7');
  assert.equal(restored.of('1').personal, true);
  assert.equal(restored.of('').phone, '+13125550777');
  assert.equal(restored.of('2').phone, '');
});

test('a draft keeps the newest forms within its length, and a broken one is none', () => {
  const forms = make();
  for (let call = 1; call <= 9; call++) forms.edit(String(call), { note: 'n'.repeat(500) });
  const draft = forms.draft();
  assert.ok(draft.length <= 4000);
  assert.ok(draft.includes('"9"'));
  const restored = make();
  restored.restore('{"half');
  restored.restore(null);
  assert.equal(restored.draft(), '');
});
