import { Injectable, inject, signal } from '@angular/core';
import { Api, type Schemas, type Versioned, byId, dryRun, ifMatch, unwrap, versioned } from '../../core/api';
import type { Effects, Repository } from '../../core/editor';
import { type CampaignModel, type ParameterTable, formPath, newCampaign, toModel, toWrite } from './campaign-model';

type Sync = Schemas['CampaignSync'];

const ALL = '/admin/api/v1/campaigns';
const ONE = '/admin/api/v1/campaigns/{id}';
const SYNC = '/admin/api/v1/campaigns/{id}/sync';

/** Models and requests are made by the table of parameters: `loadTable` comes before any other call. */
@Injectable({ providedIn: 'root' })
export class CampaignRepository implements Repository<CampaignModel> {
  private readonly http = inject(Api).http;
  readonly table = signal<ParameterTable>({ parameters: [], retryable: [], defaultDelay: 0 });

  async loadTable(): Promise<void> {
    if (this.table().parameters.length === 0) {
      this.table.set(await unwrap(this.http.GET('/admin/api/v1/campaigns/parameters')));
    }
  }

  blank(): CampaignModel {
    return newCampaign(this.table());
  }

  async load(id: string): Promise<Versioned<CampaignModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    return { body: toModel(body, this.table()), etag };
  }

  /** Whether the campaign's brake lets its callbacks go to the dialer. */
  async handsOver(id: string): Promise<boolean> {
    return (await unwrap(this.http.GET(ONE, byId(id)))).handsOver;
  }

  async create(model: CampaignModel): Promise<string> {
    const created = await unwrap(this.http.POST(ALL, { body: toWrite(model, this.table()) }));
    return (created as Schemas['CampaignChange']).id;
  }

  async update(id: string, model: CampaignModel, etag: string): Promise<void> {
    await unwrap(this.http.PUT(ONE, { ...ifMatch(id, etag), body: toWrite(model, this.table()) }));
  }

  /** What the campaign's calling hours do to booked callbacks and to the slots of the coming days. */
  async effects(id: string | undefined, model: CampaignModel, etag: string): Promise<Effects> {
    const body = toWrite(model, this.table());
    if (!id) return (await unwrap(this.http.POST(ALL, { params: { query: { dryRun: true } }, body }))) as Effects;
    return (await unwrap(this.http.PUT(ONE, { ...dryRun(id, etag), body }))).effects;
  }

  async remove(id: string): Promise<boolean> {
    const { etag } = await this.load(id);
    await unwrap(this.http.DELETE(ONE, ifMatch(id, etag)));
    return true;
  }

  fieldPath(path: string): readonly string[] {
    return formPath(path, this.table());
  }

  sync(id: string): Promise<Sync> {
    return unwrap(this.http.GET(SYNC, byId(id)));
  }

  adopt(id: string, body: Schemas['CampaignInUcce']): Promise<Sync> {
    return unwrap(this.http.POST('/admin/api/v1/campaigns/{id}/adopt', { ...byId(id), body }));
  }

  makeAnew(id: string): Promise<Sync> {
    return unwrap(this.http.POST('/admin/api/v1/campaigns/{id}/make-anew', byId(id)));
  }

  resume(id: string): Promise<Sync> {
    return unwrap(this.http.POST('/admin/api/v1/campaigns/{id}/resume', byId(id)));
  }

  requestSync(id: string): Promise<Sync> {
    return unwrap(this.http.POST(SYNC, byId(id)));
  }
}
