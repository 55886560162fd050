import { Injectable, inject } from '@angular/core';
import { Api, type Tagged, answer, tagged } from '../../core/api';
import { Conflicts, Editor, type Effects, type Store } from '../../core/editor';
import { NOTHING } from './capacities';

export interface DailyScheduleModel {
  name: string;
  capacities: number[];
}

const LIST = '/admin/api/v1/daily-schedules';
const ONE = '/admin/api/v1/daily-schedules/{id}';

@Injectable({ providedIn: 'root' })
export class DailyScheduleStore implements Store<DailyScheduleModel> {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);

  editor(): Editor<DailyScheduleModel> {
    return new Editor(this, this.conflicts, { name: '', capacities: [...NOTHING] });
  }

  async load(id: string): Promise<Tagged<DailyScheduleModel>> {
    const { body, tag } = await tagged(this.http.GET(ONE, { params: { path: { id } } }));
    return { body: { name: body.name, capacities: body.capacities }, tag };
  }

  async create(body: DailyScheduleModel): Promise<string> {
    return (await answer(this.http.POST(LIST, { body }))).id;
  }

  async update(id: string, body: DailyScheduleModel, tag: string): Promise<void> {
    await answer(this.http.PUT(ONE, { params: { path: { id } }, headers: { 'If-Match': tag }, body }));
  }

  async effects(id: string | undefined, body: DailyScheduleModel, tag: string): Promise<Effects | undefined> {
    if (!id) return undefined; // nobody follows it yet
    const params = { path: { id }, query: { dryRun: true } };
    const headers = { 'If-Match': tag };
    return (await answer(this.http.PUT(ONE, { params, headers, body }))).effects;
  }

  async remove(id: string): Promise<void> {
    const { tag } = await this.load(id);
    await answer(this.http.DELETE(ONE, { params: { path: { id } }, headers: { 'If-Match': tag } }));
  }
}
