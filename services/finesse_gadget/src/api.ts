// The booking API as the gadget asks it: through Finesse's proxy, with a session's token that stays in memory alone.

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: number | undefined;
}
export type Send = (method: string, path: string, headers: Record<string, string>, body: unknown) => Promise<Answer>;

export interface Credentials {
  agentId: string;
  authorization?: string;
  authToken?: string;
}
export interface Session {
  token: string;
  draft?: string | null;
}
export interface Skill {
  name: string;
  timeZone: string | null;
  queues: string[];
}
export interface Callback {
  accountNumber: string;
  status: string;
  phone: string;
  start: string;
  skill: string;
  firstName: string | null;
  lastName: string | null;
  agentId: string | null;
  customerTimeZone?: string | null;
  callData: Record<string, string>;
  history?: { at: string; to: string; reason?: string | null }[] | null;
}
export interface BoundCall {
  phone: string;
  phoneProblem: string | null;
  accountNumber: string | null;
  queue: string | null;
  skill: string | null;
  callback: Callback | null;
}
export interface Slot {
  start: string;
  end: string;
  available: number;
}
export interface Availability {
  timeZone: string;
  customerTimeZone?: string | null;
  available: number;
  days: { date: string; available: number; slots: Slot[] }[];
}

const NO_ANSWER = 'no_answer';
const SHORT_WAIT_SECONDS = 2;
const REPEATS = 3; // of a request that the rate limit refuses for a moment
const SESSION = '/gadget/session';

/** Why a request failed: `code` as the API gives it, `no_answer` when nothing of ours answered. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfter: number | undefined;

  constructor(answer: Answer) {
    const body = parsed(answer.text);
    super(`${answer.status}`);
    this.status = answer.status;
    this.code = typeof body['code'] === 'string' ? body['code'] : NO_ANSWER;
    this.detail = typeof body['detail'] === 'string' ? body['detail'] : '';
    this.retryAfter = typeof body['retryAfter'] === 'number' ? body['retryAfter'] : answer.retryAfter;
  }
}

export class Api {
  #token: string | undefined;
  #opening: Promise<Session> | undefined;
  readonly #send: Send;
  readonly #credentials: () => Credentials;
  readonly #wait: (seconds: number) => Promise<void>;

  constructor(send: Send, credentials: () => Credentials, wait = sleep) {
    this.#send = send;
    this.#credentials = credentials;
    this.#wait = wait;
  }

  /** A new session; those who ask at once share one. Throws Problem. */
  async open(): Promise<Session> {
    this.#opening ??= this.#ask<Session>('POST', SESSION, this.#credentials(), {}).finally(() => {
      this.#opening = undefined;
    });
    const session = await this.#opening;
    this.#token = session.token;
    return session;
  }

  skills = () => this.ask<{ skills: Skill[] }>('GET', '/gadget/skills');

  bind(dialogId: string): Promise<BoundCall> {
    const { authorization, authToken } = this.#credentials();
    return this.ask<BoundCall>('PUT', `${SESSION}/call`, { dialogId, authorization, authToken });
  }

  unbind = () => this.ask<void>('DELETE', `${SESSION}/call`);

  keepDraft = (draft: string) => this.ask<void>('PUT', `${SESSION}/draft`, { draft });

  availability(skill: string, phone: string): Promise<Availability> {
    const query = new URLSearchParams({ skill, detail: 'slots', ...(phone ? { phone } : {}) });
    return this.ask<Availability>('GET', `/availability?${query}`);
  }

  async openCallbacks(phone: string): Promise<Callback[]> {
    const query = new URLSearchParams({ phone });
    return (await this.ask<{ callbacks: Callback[] }>('GET', `/callbacks?${query}`)).callbacks;
  }

  book = (body: Record<string, unknown>, key: string) => this.ask<Callback>('POST', '/callbacks', body, key);

  move = (accountNumber: string, start: string, key: string) =>
    this.ask<Callback>('POST', `/callbacks/${accountNumber}/reschedule`, { start }, key);

  cancel = (accountNumber: string, key: string) =>
    this.ask<void>('POST', `/callbacks/${accountNumber}/cancel`, undefined, key);

  /** With the session's token; opens a session when there is none or when it has ended. Throws Problem. */
  async ask<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    if (!this.#token) await this.open();
    try {
      return await this.#ask<T>(method, path, body, this.#headers(key));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      this.#token = undefined;
      await this.open();
      return this.#ask<T>(method, path, body, this.#headers(key));
    }
  }

  #headers(key: string | undefined): Record<string, string> {
    return { Authorization: `Bearer ${this.#token}`, ...(key ? { 'Idempotency-Key': key } : {}) };
  }

  async #ask<T>(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<T> {
    for (let repeats = REPEATS; ; repeats--) {
      const answer = await this.#send(method, path, headers, body);
      if (answer.status >= 200 && answer.status < 300) return (answer.text ? JSON.parse(answer.text) : undefined) as T;
      const problem = new Problem(answer);
      const seconds = problem.retryAfter ?? Infinity;
      if (answer.status !== 429 || repeats <= 0 || seconds > SHORT_WAIT_SECONDS) throw problem;
      await this.#wait(seconds);
    }
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
