import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Texts } from './texts.ts';

const ROOT = new URL('..', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, ROOT), 'utf8');
const bundle = (language: string) =>
  new Map(
    [...read(`messages/${language}.xml`).matchAll(/<msg name="(\w+)">([^<]*)<\/msg>/g)].map((m) => [m[1]!, m[2]!]),
  );
const placeholders = (text: string | undefined) => [...(text ?? '').matchAll(/\{\w+\}/g)].map(([one]) => one).sort();
const ENGLISH = bundle('en');

test('every language has every message, with the same placeholders', () => {
  for (const language of ['de', 'es']) {
    const other = bundle(language);
    assert.deepEqual([...other.keys()], [...ENGLISH.keys()]);
    for (const [name, text] of ENGLISH) assert.deepEqual(placeholders(other.get(name)), placeholders(text), name);
  }
});

test('every message that is used is there, and every one that is there is used', () => {
  const sources = readdirSync(new URL('src', ROOT)).filter((name) => !name.endsWith('.test.ts'));
  const code = sources.map((name) => read(`src/${name}`)).join('\n');
  const named = [...read('callback.xml').matchAll(/__MSG_(\w+?)__/g)].map((m) => m[1]!);
  for (const name of named) assert.ok(ENGLISH.has(name), name);
  const made = /^(error|phone|status|done)_/; // from a code or a kind
  const unused = [...ENGLISH.keys()].filter(
    (name) => !named.includes(name) && !made.test(name) && !code.includes(`'${name}'`),
  );
  assert.deepEqual(unused, []);
  const literal = [...code.matchAll(/texts\.of\(\s*'(\w+)'/g)].map((m) => m[1]!);
  for (const name of literal) assert.ok(ENGLISH.has(name), name);
});

test('an unknown code is told with the API’s own words, a number’s problem with ours', () => {
  const texts = new Texts((name) => ENGLISH.get(name) ?? '');
  assert.equal(texts.ofProblem({ code: 'brand_new', detail: 'Moon phase.' }), 'That did not work: Moon phase.');
  assert.equal(texts.ofProblem({ code: 'do_not_call', detail: '' }), 'This number must not be called.');
  assert.equal(
    texts.ofProblem({ code: 'rate_limited', detail: '', retryAfter: 30 }),
    'Too many requests. Try again in 30 s.',
  );
});
