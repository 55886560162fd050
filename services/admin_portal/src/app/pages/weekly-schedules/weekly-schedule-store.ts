import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, type Tagged, answer, tagged } from '../../core/api';
import { Conflicts, Editor, type Effects, type Store } from '../../core/editor';
import { DAYS, type DayId, EMPTY_WEEK, type Week, dayId } from './week';

export type WeeklyScheduleModel = { name: string } & Week;

const LIST = '/admin/api/v1/weekly-schedules';
const ONE = '/admin/api/v1/weekly-schedules/{id}';
export const MOST = 200; // of one page of a list: more than any site has

@Injectable({ providedIn: 'root' })
export class WeeklyScheduleStore implements Store<WeeklyScheduleModel> {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);

  editor(): Editor<WeeklyScheduleModel> {
    return new Editor(this, this.conflicts, { name: '', ...EMPTY_WEEK });
  }

  async dailySchedules(): Promise<readonly Schemas['DailySchedule'][]> {
    const query = { pageSize: MOST, sort: 'name' };
    return (await answer(this.http.GET('/admin/api/v1/daily-schedules', { params: { query } }))).items;
  }

  async load(id: string): Promise<Tagged<WeeklyScheduleModel>> {
    const { body, tag } = await tagged(this.http.GET(ONE, { params: { path: { id } } }));
    return { body: { name: body.name, ...mapDays((day) => body[day] ?? '') }, tag };
  }

  async create(model: WeeklyScheduleModel): Promise<string> {
    return (await answer(this.http.POST(LIST, { body: written(model) }))).id;
  }

  async update(id: string, model: WeeklyScheduleModel, tag: string): Promise<void> {
    const headers = { 'If-Match': tag };
    await answer(this.http.PUT(ONE, { params: { path: { id } }, headers, body: written(model) }));
  }

  async effects(id: string | undefined, model: WeeklyScheduleModel, tag: string): Promise<Effects | undefined> {
    if (!id) return undefined; // nobody follows it yet
    const params = { path: { id }, query: { dryRun: true } };
    const headers = { 'If-Match': tag };
    return (await answer(this.http.PUT(ONE, { params, headers, body: written(model) }))).effects;
  }

  async remove(id: string): Promise<void> {
    const { tag } = await this.load(id);
    await answer(this.http.DELETE(ONE, { params: { path: { id } }, headers: { 'If-Match': tag } }));
  }
}

function written(model: WeeklyScheduleModel): Schemas['WeeklyScheduleWrite'] {
  return { name: model.name, ...mapDays((day) => model[day] || null) };
}

function mapDays<T>(value: (day: DayId) => T): Record<DayId, T> {
  return Object.fromEntries(DAYS.map((_, at) => [dayId(at), value(dayId(at))])) as Record<DayId, T>;
}
