import { Injectable } from '@angular/core';
import createClient from 'openapi-fetch';
import { Problem } from './problem';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** The largest page that a list of the admin API gives; every site has fewer skills, campaigns and schedules. */
export const MAX_PAGE_SIZE = 200;

/** One resource with the version (`ETag`) that a later write must name in `If-Match`. */
export interface Versioned<T> {
  readonly body: T;
  readonly etag: string;
}

/** What a call of the client resolves to: `data` of a 2xx response, `error` of any other. */
export interface ApiResponse<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The admin API, typed by its own OpenAPI document (`npm run client`). */
@Injectable({ providedIn: 'root' })
export class Api {
  readonly http = createClient<paths>({ baseUrl: location.origin, fetch: (request) => this.send(request) });
  /** Sent with every write: the server refuses a write that another site caused. */
  csrfToken = '';
  /** Called when the session has expired; a request is sent again when it resolves to true. */
  renewSession: (() => Promise<boolean>) | undefined;

  private async send(request: Request): Promise<Response> {
    const repeated = request.clone(); // the body of a request can be read once only
    const response = await this.sendOnce(request);
    if (response.status !== 401 || request.url.includes('/auth/') || !this.renewSession) return response;
    return (await this.renewSession()) ? this.sendOnce(repeated) : response;
  }

  private async sendOnce(request: Request): Promise<Response> {
    if (!SAFE_METHODS.has(request.method)) request.headers.set('X-CSRF-Token', this.csrfToken);
    try {
      return await fetch(request);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw Problem.unreachable();
    }
  }
}

/** The body of a response; any error response is thrown as a `Problem`. */
export async function unwrap<T>(call: Promise<ApiResponse<T>>): Promise<T> {
  return (await versioned(call)).body;
}

/** The body of a response with its version; any error response is thrown as a `Problem`. */
export async function versioned<T>(call: Promise<ApiResponse<T>>): Promise<Versioned<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw Problem.from(response.status, error);
  return { body: data as T, etag: response.headers.get('ETag') ?? '' };
}

/** The options of a request about one resource. */
export function byId(id: string) {
  return { params: { path: { id } } };
}

/** The options of a request that changes one resource, if it still has the version `etag`. */
export function ifMatch(id: string, etag: string) {
  return { params: { path: { id } }, headers: { 'If-Match': etag } };
}

/** The same, but nothing is changed: the response says what the change would do. */
export function dryRun(id: string, etag: string) {
  return { params: { path: { id }, query: { dryRun: true } }, headers: { 'If-Match': etag } };
}
