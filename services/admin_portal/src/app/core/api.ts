import { Injectable } from '@angular/core';
import createClient from 'openapi-fetch';
import { Problem } from './problem';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** What a GET of one thing gives: the thing, and the version that a later write must name (`If-Match`). */
export interface Tagged<T> {
  readonly body: T;
  readonly tag: string;
}

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The admin API, typed by its own OpenAPI document (`npm run client`). */
@Injectable({ providedIn: 'root' })
export class Api {
  readonly http = createClient<paths>({ baseUrl: location.origin, fetch: (request) => this.send(request) });
  /** Proves to the server that a write comes from this page. */
  csrfToken = '';
  /** Lets the user sign in again without losing the page; resolves to false when they would rather not. */
  signInAgain: (() => Promise<boolean>) | undefined;

  private async send(request: Request): Promise<Response> {
    const spare = request.clone();
    const response = await this.once(request);
    if (response.status !== 401 || request.url.includes('/auth/') || !this.signInAgain) return response;
    return (await this.signInAgain()) ? this.once(spare) : response;
  }

  private async once(request: Request): Promise<Response> {
    if (!SAFE.has(request.method)) request.headers.set('X-CSRF-Token', this.csrfToken);
    try {
      return await fetch(request);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw Problem.unreachable();
    }
  }
}

/** The body of an answer; any error answer is thrown as a `Problem`. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw Problem.from(response.status, error);
  return data as T;
}

/** The body with its version. */
export async function tagged<T>(call: Promise<Answer<T>>): Promise<Tagged<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw Problem.from(response.status, error);
  return { body: data as T, tag: response.headers.get('ETag') ?? '' };
}
