import { Injectable, inject, signal } from '@angular/core';
import { Api, type Schemas, type Tagged, answer, tagged } from '../../core/api';
import { Conflicts, Editor, type Store } from '../../core/editor';

export interface ApiClientModel {
  name: string;
  scope: string;
  enabled: string; // yes or no
  ratePerSecond: number | null;
}

export const NEW_CLIENT: ApiClientModel = { name: '', scope: 'ivr', enabled: 'yes', ratePerSecond: null };
const LIST = '/admin/api/v1/api-clients';
const ONE = '/admin/api/v1/api-clients/{id}';

@Injectable({ providedIn: 'root' })
export class ApiClientStore implements Store<ApiClientModel> {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);
  /** The key that was made last: the server tells it once, and it is forgotten as soon as it was shown. */
  readonly newKey = signal<string | undefined>(undefined);

  editor(): Editor<ApiClientModel> {
    return new Editor(this, this.conflicts, NEW_CLIENT);
  }

  async load(id: string): Promise<Tagged<ApiClientModel>> {
    const { body, tag } = await tagged(this.http.GET(ONE, { params: { path: { id } } }));
    const { name, scopes, enabled, ratePerSecond } = body;
    return { body: { name, scope: scopes.join(','), enabled: enabled ? 'yes' : 'no', ratePerSecond }, tag };
  }

  async create(model: ApiClientModel): Promise<string> {
    const created = await answer(this.http.POST(LIST, { body: written(model) }));
    this.newKey.set(created.key);
    return created.id;
  }

  async update(id: string, model: ApiClientModel, tag: string): Promise<void> {
    const headers = { 'If-Match': tag };
    await answer(this.http.PUT(ONE, { params: { path: { id } }, headers, body: written(model) }));
  }

  async renewKey(id: string): Promise<void> {
    const { tag } = await this.load(id);
    const headers = { 'If-Match': tag };
    const renewed = await answer(
      this.http.POST('/admin/api/v1/api-clients/{id}/key', { params: { path: { id } }, headers }),
    );
    this.newKey.set(renewed.key);
  }

  async remove(id: string): Promise<void> {
    const { tag } = await this.load(id);
    await answer(this.http.DELETE(ONE, { params: { path: { id } }, headers: { 'If-Match': tag } }));
  }
}

function written({ name, scope, enabled, ratePerSecond }: ApiClientModel): Schemas['ApiClientWrite'] {
  const scopes = scope.split(',') as Schemas['ApiClientWrite']['scopes'];
  return { name, scopes, enabled: enabled === 'yes', ratePerSecond };
}
