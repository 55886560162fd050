import { Injectable, inject } from '@angular/core';
import {
  Api,
  MAX_PAGE_SIZE,
  type Schemas,
  type Versioned,
  byId,
  dryRun,
  ifMatch,
  unwrap,
  versioned,
} from '../../core/api';
import type { Effects, Repository } from '../../core/editor';
import { DAYS, type DayId, EMPTY_WEEK, type Week, dayId } from './week';

export type WeeklyScheduleModel = { name: string } & Week;

const ALL = '/admin/api/v1/weekly-schedules';
const ONE = '/admin/api/v1/weekly-schedules/{id}';

@Injectable({ providedIn: 'root' })
export class WeeklyScheduleRepository implements Repository<WeeklyScheduleModel> {
  private readonly http = inject(Api).http;

  blank(): WeeklyScheduleModel {
    return { name: '', ...EMPTY_WEEK };
  }

  async dailySchedules(): Promise<readonly Schemas['DailySchedule'][]> {
    const query = { pageSize: MAX_PAGE_SIZE, sort: 'name' };
    return (await unwrap(this.http.GET('/admin/api/v1/daily-schedules', { params: { query } }))).items;
  }

  async load(id: string): Promise<Versioned<WeeklyScheduleModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    return { body: { name: body.name, ...mapDays((day) => body[day] ?? '') }, etag };
  }

  async create(model: WeeklyScheduleModel): Promise<string> {
    return (await unwrap(this.http.POST(ALL, { body: toWrite(model) }))).id;
  }

  async update(id: string, model: WeeklyScheduleModel, etag: string): Promise<void> {
    await unwrap(this.http.PUT(ONE, { ...ifMatch(id, etag), body: toWrite(model) }));
  }

  async effects(id: string | undefined, model: WeeklyScheduleModel, etag: string): Promise<Effects | undefined> {
    if (!id) return undefined; // no skill follows a new one
    return (await unwrap(this.http.PUT(ONE, { ...dryRun(id, etag), body: toWrite(model) }))).effects;
  }

  async remove(id: string): Promise<boolean> {
    const { etag } = await this.load(id);
    await unwrap(this.http.DELETE(ONE, ifMatch(id, etag)));
    return true;
  }
}

function toWrite(model: WeeklyScheduleModel): Schemas['WeeklyScheduleWrite'] {
  return { name: model.name, ...mapDays((day) => model[day] || null) };
}

function mapDays<T>(value: (day: DayId) => T): Record<DayId, T> {
  return Object.fromEntries(DAYS.map((_, at) => [dayId(at), value(dayId(at))])) as Record<DayId, T>;
}
