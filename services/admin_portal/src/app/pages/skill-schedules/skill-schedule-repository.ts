import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, type Versioned, byId, dryRun, ifMatch, unwrap, versioned } from '../../core/api';
import { today } from '../../core/date-time';
import type { Effects, Repository } from '../../core/editor';
import { SaveDialogs } from '../../ui/save-dialogs';

/** An empty campaign means every campaign of the skill; an empty weekly schedule closes the skill. */
export interface SkillScheduleModel {
  skillId: string;
  campaignId: string;
  timeZone: string;
  weeklyScheduleId: string;
  startsOn: string;
}

const ALL = '/admin/api/v1/skill-schedules';
const ONE = '/admin/api/v1/skill-schedules/{id}';

@Injectable({ providedIn: 'root' })
export class SkillScheduleRepository implements Repository<SkillScheduleModel> {
  private readonly http = inject(Api).http;
  private readonly saveDialogs = inject(SaveDialogs);

  blank(skillId = ''): SkillScheduleModel {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return { skillId, campaignId: '', timeZone, weeklyScheduleId: '', startsOn: today() };
  }

  async load(id: string): Promise<Versioned<SkillScheduleModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    const { skillId, campaignId, timeZone, weeklyScheduleId, startsOn } = body;
    const model = {
      skillId,
      campaignId: campaignId ?? '',
      timeZone,
      weeklyScheduleId: weeklyScheduleId ?? '',
      startsOn,
    };
    return { body: model, etag };
  }

  async create(model: SkillScheduleModel): Promise<string> {
    const created = await unwrap(this.http.POST(ALL, { body: toWrite(model) }));
    return (created as Schemas['SkillScheduleChange']).id;
  }

  async update(id: string, model: SkillScheduleModel, etag: string): Promise<void> {
    await unwrap(this.http.PUT(ONE, { ...ifMatch(id, etag), body: toWrite(model) }));
  }

  async effects(id: string | undefined, model: SkillScheduleModel, etag: string): Promise<Effects> {
    const body = toWrite(model);
    if (!id) return (await unwrap(this.http.POST(ALL, { params: { query: { dryRun: true } }, body }))) as Effects;
    return (await unwrap(this.http.PUT(ONE, { ...dryRun(id, etag), body }))).effects;
  }

  async remove(id: string): Promise<boolean> {
    const { etag } = await this.load(id);
    const effects = await unwrap(this.http.DELETE(ONE, dryRun(id, etag)));
    if (!(await this.saveDialogs.confirmEffects(effects))) return false;
    await unwrap(this.http.DELETE(ONE, ifMatch(id, etag)));
    return true;
  }

  async preview(model: SkillScheduleModel, days: number): Promise<Schemas['Preview']> {
    const { skillId, campaignId } = model;
    const query = { skillId, days, ...(campaignId && { campaignId }) };
    return unwrap(this.http.GET('/admin/api/v1/skill-schedules/preview', { params: { query } }));
  }
}

function toWrite(model: SkillScheduleModel): Schemas['SkillScheduleWrite'] {
  return { ...model, campaignId: model.campaignId || null, weeklyScheduleId: model.weeklyScheduleId || null };
}
