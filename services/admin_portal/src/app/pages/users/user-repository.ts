import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, type Versioned, byId, ifMatch, unwrap, versioned } from '../../core/api';
import type { Repository } from '../../core/editor';
import type { Role } from '../../core/roles';

export type User = Schemas['User'];

export interface UserModel {
  name: string;
  displayName: string;
  role: string;
  enabled: string; // yes or no
  password: string; // sent for a new user only
}

const ALL = '/admin/api/v1/users';
const ONE = '/admin/api/v1/users/{id}';

@Injectable({ providedIn: 'root' })
export class UserRepository implements Repository<UserModel> {
  private readonly http = inject(Api).http;

  blank(): UserModel {
    return { name: '', displayName: '', role: 'viewer', enabled: 'yes', password: '' };
  }

  /** A user with what the form does not edit: sign-ins, password changes and the lock. */
  read(id: string): Promise<User> {
    return unwrap(this.http.GET(ONE, byId(id)));
  }

  async load(id: string): Promise<Versioned<UserModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    const { name, displayName, role, enabled } = body;
    return { body: { name, displayName, role, enabled: enabled ? 'yes' : 'no', password: '' }, etag };
  }

  async create(model: UserModel): Promise<string> {
    const body = { ...toWrite(model), password: model.password };
    return (await unwrap(this.http.POST(ALL, { body }))).id;
  }

  async update(id: string, model: UserModel, etag: string): Promise<void> {
    await unwrap(this.http.PUT(ONE, { ...ifMatch(id, etag), body: toWrite(model) }));
  }

  async remove(id: string): Promise<boolean> {
    const { etag } = await this.load(id);
    await unwrap(this.http.DELETE(ONE, ifMatch(id, etag)));
    return true;
  }

  async unlock(id: string): Promise<void> {
    const { etag } = await this.load(id);
    await unwrap(this.http.POST('/admin/api/v1/users/{id}/unlock', ifMatch(id, etag)));
  }

  async setPassword(id: string, password: string): Promise<void> {
    const { etag } = await this.load(id);
    await unwrap(this.http.POST('/admin/api/v1/users/{id}/password', { ...ifMatch(id, etag), body: { password } }));
  }
}

function toWrite({ name, displayName, role, enabled }: UserModel): Schemas['UserWrite'] {
  return { name, displayName, role: role as Role, enabled: enabled === 'yes' };
}
