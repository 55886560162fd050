import { Injectable, inject, signal } from '@angular/core';
import { Api, type Schemas, type Tagged, answer, tagged } from '../../core/api';
import { Conflicts, Editor, type Effects, type Store } from '../../core/editor';
import { type CampaignModel, type Table, formPath, fresh, toModel, toWrite } from './campaign-model';

const LIST = '/admin/api/v1/campaigns';
const ONE = '/admin/api/v1/campaigns/{id}';
const SYNC = '/admin/api/v1/campaigns/{id}/sync';

/** The table of parameters must be read (`prepare`) before anything else is asked of it. */
@Injectable({ providedIn: 'root' })
export class CampaignStore implements Store<CampaignModel> {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);
  readonly table = signal<Table>({ parameters: [], retryable: [], defaultDelay: 0 });

  editor(): Editor<CampaignModel> {
    return new Editor(this, this.conflicts, fresh(this.table()));
  }

  async prepare(): Promise<void> {
    if (this.table().parameters.length === 0) {
      this.table.set(await answer(this.http.GET('/admin/api/v1/campaigns/parameters')));
    }
  }

  fresh(): CampaignModel {
    return fresh(this.table());
  }

  async load(id: string): Promise<Tagged<CampaignModel>> {
    const { body, tag } = await tagged(this.http.GET(ONE, { params: { path: { id } } }));
    return { body: toModel(body, this.table()), tag };
  }

  async handsOver(id: string): Promise<boolean> {
    return (await answer(this.http.GET(ONE, { params: { path: { id } } }))).handsOver;
  }

  async create(model: CampaignModel): Promise<string> {
    const created = await answer(this.http.POST(LIST, { body: toWrite(model, this.table()) }));
    return (created as Schemas['CampaignChange']).id;
  }

  async update(id: string, model: CampaignModel, tag: string): Promise<void> {
    const headers = { 'If-Match': tag };
    await answer(this.http.PUT(ONE, { params: { path: { id } }, headers, body: toWrite(model, this.table()) }));
  }

  /** What the campaign's window does to booked callbacks and to the slots of the coming days. */
  async effects(id: string | undefined, model: CampaignModel, tag: string): Promise<Effects> {
    const query = { dryRun: true };
    const body = toWrite(model, this.table());
    if (!id) return (await answer(this.http.POST(LIST, { params: { query }, body }))) as Effects;
    const headers = { 'If-Match': tag };
    return (await answer(this.http.PUT(ONE, { params: { path: { id }, query }, headers, body }))).effects;
  }

  async remove(id: string): Promise<void> {
    const { tag } = await this.load(id);
    await answer(this.http.DELETE(ONE, { params: { path: { id } }, headers: { 'If-Match': tag } }));
  }

  fieldPath(path: string): readonly string[] {
    return formPath(path, this.table());
  }

  async sync(id: string): Promise<Schemas['CampaignSync']> {
    return answer(this.http.GET(SYNC, { params: { path: { id } } }));
  }

  async adopt(id: string, body: Schemas['CampaignInUcce']): Promise<Schemas['CampaignSync']> {
    return answer(this.http.POST('/admin/api/v1/campaigns/{id}/adopt', { params: { path: { id } }, body }));
  }

  async makeAnew(id: string): Promise<Schemas['CampaignSync']> {
    return answer(this.http.POST('/admin/api/v1/campaigns/{id}/make-anew', { params: { path: { id } } }));
  }

  async resume(id: string): Promise<Schemas['CampaignSync']> {
    return answer(this.http.POST('/admin/api/v1/campaigns/{id}/resume', { params: { path: { id } } }));
  }

  async syncAgain(id: string): Promise<Schemas['CampaignSync']> {
    return answer(this.http.POST(SYNC, { params: { path: { id } } }));
  }
}
