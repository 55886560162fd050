import { Injectable, inject } from '@angular/core';
import { Api, answer } from './api';
import type { Choice } from '../ui/choice-field';

const MOST = 200;

/** The names of skills, campaigns and schedules, for filters and choices. Read anew by each page that asks. */
@Injectable({ providedIn: 'root' })
export class Names {
  private readonly http = inject(Api).http;
  private readonly params = { query: { pageSize: MOST, sort: 'name' } };

  async skills(): Promise<readonly Choice[]> {
    return choices((await answer(this.http.GET('/admin/api/v1/skills', { params: this.params }))).items);
  }

  async campaigns(): Promise<readonly Choice[]> {
    return choices((await answer(this.http.GET('/admin/api/v1/campaigns', { params: this.params }))).items);
  }

  async weeklySchedules(): Promise<readonly Choice[]> {
    return choices((await answer(this.http.GET('/admin/api/v1/weekly-schedules', { params: this.params }))).items);
  }
}

function choices(items: readonly { readonly id: string; readonly name: string }[]): readonly Choice[] {
  return items.map(({ id, name }) => ({ value: id, label: name }));
}
