import { Injectable, inject } from '@angular/core';
import { Api, type Versioned, byId, dryRun, ifMatch, unwrap, versioned } from '../../core/api';
import type { Effects, Repository } from '../../core/editor';
import { CLOSED_DAY } from './capacities';

export interface DailyScheduleModel {
  name: string;
  capacities: number[];
}

const ALL = '/admin/api/v1/daily-schedules';
const ONE = '/admin/api/v1/daily-schedules/{id}';

@Injectable({ providedIn: 'root' })
export class DailyScheduleRepository implements Repository<DailyScheduleModel> {
  private readonly http = inject(Api).http;

  blank(): DailyScheduleModel {
    return { name: '', capacities: [...CLOSED_DAY] };
  }

  async load(id: string): Promise<Versioned<DailyScheduleModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    return { body: { name: body.name, capacities: body.capacities }, etag };
  }

  async create(body: DailyScheduleModel): Promise<string> {
    return (await unwrap(this.http.POST(ALL, { body }))).id;
  }

  async update(id: string, body: DailyScheduleModel, etag: string): Promise<void> {
    await unwrap(this.http.PUT(ONE, { ...ifMatch(id, etag), body }));
  }

  async effects(id: string | undefined, body: DailyScheduleModel, etag: string): Promise<Effects | undefined> {
    if (!id) return undefined; // no weekly schedule has a new one
    return (await unwrap(this.http.PUT(ONE, { ...dryRun(id, etag), body }))).effects;
  }

  async remove(id: string): Promise<boolean> {
    const { etag } = await this.load(id);
    await unwrap(this.http.DELETE(ONE, ifMatch(id, etag)));
    return true;
  }
}
