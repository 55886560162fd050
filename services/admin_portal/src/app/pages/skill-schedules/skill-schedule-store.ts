import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, type Tagged, answer, tagged } from '../../core/api';
import { Conflicts, Editor, type Effects, type Store } from '../../core/editor';
import { today } from '../../core/zone';

/** An empty campaign is every campaign of the skill; an empty weekly schedule is none: the skill is closed. */
export interface SkillScheduleModel {
  skillId: string;
  campaignId: string;
  timeZone: string;
  weeklyScheduleId: string;
  startsOn: string;
}

const LIST = '/admin/api/v1/skill-schedules';
const ONE = '/admin/api/v1/skill-schedules/{id}';

@Injectable({ providedIn: 'root' })
export class SkillScheduleStore implements Store<SkillScheduleModel> {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);

  editor(): Editor<SkillScheduleModel> {
    return new Editor(this, this.conflicts, this.fresh(''));
  }

  fresh(skillId: string): SkillScheduleModel {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return { skillId, campaignId: '', timeZone, weeklyScheduleId: '', startsOn: today() };
  }

  async load(id: string): Promise<Tagged<SkillScheduleModel>> {
    const { body, tag } = await tagged(this.http.GET(ONE, { params: { path: { id } } }));
    const { skillId, campaignId, timeZone, weeklyScheduleId, startsOn } = body;
    const model = {
      skillId,
      campaignId: campaignId ?? '',
      timeZone,
      weeklyScheduleId: weeklyScheduleId ?? '',
      startsOn,
    };
    return { body: model, tag };
  }

  async create(model: SkillScheduleModel): Promise<string> {
    const created = await answer(this.http.POST(LIST, { body: written(model) }));
    return (created as Schemas['SkillScheduleChange']).id;
  }

  async update(id: string, model: SkillScheduleModel, tag: string): Promise<void> {
    const headers = { 'If-Match': tag };
    await answer(this.http.PUT(ONE, { params: { path: { id } }, headers, body: written(model) }));
  }

  async effects(id: string | undefined, model: SkillScheduleModel, tag: string): Promise<Effects> {
    const query = { dryRun: true };
    const body = written(model);
    if (!id) return (await answer(this.http.POST(LIST, { params: { query }, body }))) as Effects;
    const headers = { 'If-Match': tag };
    return (await answer(this.http.PUT(ONE, { params: { path: { id }, query }, headers, body }))).effects;
  }

  /** True when it is gone; false when somebody thought better of it. */
  async remove(id: string): Promise<boolean> {
    const { tag } = await this.load(id);
    const headers = { 'If-Match': tag };
    const effects = await answer(this.http.DELETE(ONE, { params: { path: { id }, query: { dryRun: true } }, headers }));
    if (!(await this.conflicts.accept(effects))) return false;
    await answer(this.http.DELETE(ONE, { params: { path: { id } }, headers }));
    return true;
  }

  async preview(model: SkillScheduleModel, days: number): Promise<Schemas['Preview']> {
    const { skillId, campaignId } = model;
    const query = { skillId, days, ...(campaignId && { campaignId }) };
    return answer(this.http.GET('/admin/api/v1/skill-schedules/preview', { params: { query } }));
  }
}

function written(model: SkillScheduleModel): Schemas['SkillScheduleWrite'] {
  return { ...model, campaignId: model.campaignId || null, weeklyScheduleId: model.weeklyScheduleId || null };
}
