import { Injectable, inject, signal } from '@angular/core';
import { Api, type Schemas, type Versioned, byId, ifMatch, unwrap, versioned } from '../../core/api';
import type { Repository } from '../../core/editor';

export interface ApiClientModel {
  name: string;
  scope: string; // several are joined with commas
  enabled: string; // yes or no
  ratePerSecond: number | null;
  refusals: string; // by status, or always 200
}

export type Keys = Pick<Schemas['ApiClient'], 'keyHint' | 'lastUsedAt' | 'previousKey'>;

const ALL = '/admin/api/v1/api-clients';
const ONE = '/admin/api/v1/api-clients/{id}';

@Injectable({ providedIn: 'root' })
export class ApiClientRepository implements Repository<ApiClientModel> {
  private readonly http = inject(Api).http;
  /** The key of the client that was created or renewed last. The server sends it once; it is cleared when shown. */
  readonly newKey = signal<string | undefined>(undefined);

  blank(): ApiClientModel {
    return { name: '', scope: 'ivr', enabled: 'yes', ratePerSecond: null, refusals: 'status' };
  }

  async load(id: string): Promise<Versioned<ApiClientModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    const { name, scopes, enabled, ratePerSecond, always200 } = body;
    const choices = { enabled: enabled ? 'yes' : 'no', refusals: always200 ? 'always200' : 'status' };
    return { body: { name, scope: scopes.join(','), ratePerSecond, ...choices }, etag };
  }

  async create(model: ApiClientModel): Promise<string> {
    const created = await unwrap(this.http.POST(ALL, { body: toWrite(model) }));
    this.newKey.set(created.key);
    return created.id;
  }

  async update(id: string, model: ApiClientModel, etag: string): Promise<void> {
    await unwrap(this.http.PUT(ONE, { ...ifMatch(id, etag), body: toWrite(model) }));
  }

  /** The present key works for so many hours more. */
  async renewKey(id: string, hours: number): Promise<void> {
    const oldKeyEndsAt = hours > 0 ? new Date(Date.now() + hours * 3_600_000).toISOString() : null;
    const renewed = await unwrap(this.http.POST(`${ONE}/key`, { ...byId(id), body: { oldKeyEndsAt } }));
    this.newKey.set(renewed.key);
  }

  async endPreviousKey(id: string): Promise<void> {
    await unwrap(this.http.POST(`${ONE}/end-previous-key`, byId(id)));
  }

  /** The keys of a client, with when they were last used. */
  async keys(id: string): Promise<Keys> {
    return unwrap(this.http.GET(ONE, byId(id)));
  }

  async remove(id: string): Promise<boolean> {
    const { etag } = await this.load(id);
    await unwrap(this.http.DELETE(ONE, ifMatch(id, etag)));
    return true;
  }
}

function toWrite({ name, scope, enabled, ratePerSecond, refusals }: ApiClientModel): Schemas['ApiClientWrite'] {
  const scopes = scope.split(',') as Schemas['ApiClientWrite']['scopes'];
  return { name, scopes, enabled: enabled === 'yes', ratePerSecond, always200: refusals === 'always200' };
}
