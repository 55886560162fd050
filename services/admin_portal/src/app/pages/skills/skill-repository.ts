import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, type Versioned, byId, ifMatch, unwrap, versioned } from '../../core/api';
import type { Repository } from '../../core/editor';

export interface SkillModel {
  name: string;
  description: string;
  ucceSkillGroupId: number | null;
  defaultCampaignId: string;
}

const ALL = '/admin/api/v1/skills';
const ONE = '/admin/api/v1/skills/{id}';

@Injectable({ providedIn: 'root' })
export class SkillRepository implements Repository<SkillModel> {
  private readonly http = inject(Api).http;

  blank(): SkillModel {
    return { name: '', description: '', ucceSkillGroupId: null, defaultCampaignId: '' };
  }

  /** A skill with what the form does not edit: the campaigns that serve it, and its brake. */
  read(id: string): Promise<Schemas['Skill']> {
    return unwrap(this.http.GET(ONE, byId(id)));
  }

  async load(id: string): Promise<Versioned<SkillModel>> {
    const { body, etag } = await versioned(this.http.GET(ONE, byId(id)));
    const { name, description, ucceSkillGroupId, defaultCampaignId } = body;
    const model = {
      name,
      description: description ?? '',
      ucceSkillGroupId,
      defaultCampaignId: defaultCampaignId ?? '',
    };
    return { body: model, etag };
  }

  async create(model: SkillModel): Promise<string> {
    return (await unwrap(this.http.POST(ALL, { body: toWrite(model) }))).id;
  }

  async update(id: string, model: SkillModel, etag: string): Promise<void> {
    await unwrap(this.http.PUT(ONE, { ...ifMatch(id, etag), body: toWrite(model) }));
  }

  async remove(id: string): Promise<boolean> {
    const { etag } = await this.load(id);
    await unwrap(this.http.DELETE(ONE, ifMatch(id, etag)));
    return true;
  }
}

function toWrite(model: SkillModel): Schemas['SkillWrite'] {
  return { ...model, description: model.description || null, defaultCampaignId: model.defaultCampaignId || null };
}
