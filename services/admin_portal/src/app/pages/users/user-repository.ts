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
  skills: string; // all or some
  skillIds: string[]; // of some
  phones: string; // whole or masked
  exports: string; // yes or no
  password: string; // sent for a new user only
}

const ALL = '/admin/api/v1/users';
const ONE = '/admin/api/v1/users/{id}';

@Injectable({ providedIn: 'root' })
export class UserRepository implements Repository<UserModel> {
  private readonly http = inject(Api).http;

  blank(): UserModel {
    const scope = { skills: 'all', skillIds: [], phones: 'whole', exports: 'yes' };
    return { name: '', displayName: '', role: 'viewer', enabled: 'yes', ...scope, password: '' };
  }

  /** A user with what the form does not edit: sign-ins, password changes and the lock. */
  read(id: string): Promise<User> {
    return unwrap(this.http.GET(ONE, byId(id)));
  }

  async load(id: string): Promise<Versioned<UserModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    const { name, displayName, role, enabled, skillIds } = body;
    const scope = {
      skills: skillIds ? 'some' : 'all',
      skillIds: skillIds ?? [],
      phones: body.seesPhones ? 'whole' : 'masked',
      exports: body.mayExport ? 'yes' : 'no',
    };
    return { body: { name, displayName, role, enabled: enabled ? 'yes' : 'no', ...scope, password: '' }, etag };
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

  async resetMfa(id: string): Promise<void> {
    const { etag } = await this.load(id);
    await unwrap(this.http.POST('/admin/api/v1/users/{id}/reset-mfa', ifMatch(id, etag)));
  }

  async setPassword(id: string, password: string): Promise<void> {
    const { etag } = await this.load(id);
    await unwrap(this.http.POST('/admin/api/v1/users/{id}/password', { ...ifMatch(id, etag), body: { password } }));
  }
}

function toWrite(model: UserModel): Schemas['UserWrite'] {
  const { name, displayName, role } = model;
  return {
    name,
    displayName,
    role: role as Role,
    enabled: model.enabled === 'yes',
    skillIds: model.skills === 'all' || role === 'administrator' ? null : model.skillIds,
    seesPhones: model.phones === 'whole',
    mayExport: model.exports === 'yes',
  };
}
