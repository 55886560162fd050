import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, Api, Problem } from './api.ts';

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** An Api whose answers are given in turn, what it sent, and how long it waited. */
function api(...answers: [number, unknown?][]) {
  const sent: Sent[] = [];
  const waited: number[] = [];
  const send = (method: string, path: string, headers: Record<string, string>, body: unknown): Promise<Answer> => {
    sent.push({ method, path, headers, body });
    const [status, answer] = answers.shift() ?? [500];
    return Promise.resolve({ status, text: answer === undefined ? '' : JSON.stringify(answer), retryAfter: undefined });
  };
  const wait = (seconds: number) => Promise.resolve(void waited.push(seconds));
  return { api: new Api(send, () => ({ agentId: '1042', authorization: 'c2VjcmV0' }), wait), sent, waited };
}

test('a session that has ended is opened anew, and the request repeated once with its key', async () => {
  const { api: asked, sent } = api(
    [200, { token: 'one' }],
    [401, { code: 'unauthorized' }],
    [200, { token: 'two' }],
    [201, { accountNumber: 'A' }],
  );
  await asked.book({ phone: '+13125550142' }, 'key-1');
  assert.deepEqual(
    sent.map(({ method, path }) => `${method} ${path}`),
    ['POST /gadget/session', 'POST /callbacks', 'POST /gadget/session', 'POST /callbacks'],
  );
  assert.deepEqual(
    [sent[1], sent[3]].map((one) => [one?.headers['Authorization'], one?.headers['Idempotency-Key']]),
    [
      ['Bearer one', 'key-1'],
      ['Bearer two', 'key-1'],
    ],
  );
});

test('a second refusal is told, not repeated for ever', async () => {
  const refusal: [number, unknown] = [401, { code: 'unauthorized' }];
  const { api: asked, sent } = api([200, { token: 'one' }], refusal, [200, { token: 'two' }], refusal);
  await assert.rejects(asked.skills(), (error) => error instanceof Problem && error.code === 'unauthorized');
  assert.equal(sent.length, 4);
});

test('a refusal for a moment is waited for, a longer one is told', async () => {
  const short = api([200, { token: 'one' }], [429, { code: 'rate_limited', retryAfter: 1 }], [200, { skills: [] }]);
  await short.api.skills();
  assert.deepEqual(short.waited, [1]);
  const long = api([429, { code: 'rate_limited', retryAfter: 600 }]);
  await assert.rejects(long.api.skills(), (error) => error instanceof Problem && error.retryAfter === 600);
});

test('an answer that is not ours is no answer', async () => {
  const { api: asked } = api([502]);
  await assert.rejects(asked.skills(), (error) => error instanceof Problem && error.code === 'no_answer');
});

test('those who ask at once share one session', async () => {
  const { api: asked, sent } = api([200, { token: 'one' }], [200, { skills: [] }], [200, { skills: [] }]);
  await Promise.all([asked.skills(), asked.skills()]);
  assert.equal(sent.filter(({ path }) => path === '/gadget/session').length, 1);
});

test('credentials are in the bodies of the session alone', async () => {
  const { api: asked, sent } = api([200, { token: 'one' }], [200, {}], [200, {}], [200, { callbacks: [] }]);
  await asked.bind('16777217');
  await asked.availability('Billing', '+13125550142');
  await asked.openCallbacks('+13125550142');
  const holds = sent.filter((one) => JSON.stringify(one).includes('c2VjcmV0')).map(({ path }) => path);
  assert.deepEqual(holds, ['/gadget/session', '/gadget/session/call']);
});
