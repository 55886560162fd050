import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, type Tagged, answer, tagged } from '../../core/api';
import { Conflicts, Editor, type Store } from '../../core/editor';
import type { Role } from '../../core/roles';

export type User = Schemas['User'];

export interface UserModel {
  name: string;
  displayName: string;
  role: string;
  enabled: string; // yes or no
  /** Of a new user only. */
  password: string;
}

export const NEW_USER: UserModel = { name: '', displayName: '', role: 'viewer', enabled: 'yes', password: '' };
const LIST = '/admin/api/v1/users';
const ONE = '/admin/api/v1/users/{id}';

@Injectable({ providedIn: 'root' })
export class UserStore implements Store<UserModel> {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);

  editor(): Editor<UserModel> {
    return new Editor(this, this.conflicts, NEW_USER);
  }

  async load(id: string): Promise<Tagged<UserModel>> {
    const { body, tag } = await tagged(this.http.GET(ONE, { params: { path: { id } } }));
    const { name, displayName, role, enabled } = body;
    return { body: { name, displayName, role, enabled: enabled ? 'yes' : 'no', password: '' }, tag };
  }

  async facts(id: string): Promise<User> {
    return answer(this.http.GET(ONE, { params: { path: { id } } }));
  }

  async create(model: UserModel): Promise<string> {
    const body = { ...written(model), password: model.password };
    return (await answer(this.http.POST(LIST, { body }))).id;
  }

  async update(id: string, model: UserModel, tag: string): Promise<void> {
    const headers = { 'If-Match': tag };
    await answer(this.http.PUT(ONE, { params: { path: { id } }, headers, body: written(model) }));
  }

  async remove(id: string): Promise<void> {
    const { tag } = await this.load(id);
    await answer(this.http.DELETE(ONE, { params: { path: { id } }, headers: { 'If-Match': tag } }));
  }

  async unlock(id: string): Promise<User> {
    const { tag } = await this.load(id);
    const headers = { 'If-Match': tag };
    return answer(this.http.POST('/admin/api/v1/users/{id}/unlock', { params: { path: { id } }, headers }));
  }

  async setPassword(id: string, password: string): Promise<User> {
    const { tag } = await this.load(id);
    const params = { path: { id } };
    const headers = { 'If-Match': tag };
    return answer(this.http.POST('/admin/api/v1/users/{id}/password', { params, headers, body: { password } }));
  }
}

function written({ name, displayName, role, enabled }: UserModel): Schemas['UserWrite'] {
  return { name, displayName, role: role as Role, enabled: enabled === 'yes' };
}
