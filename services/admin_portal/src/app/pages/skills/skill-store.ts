import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, type Tagged, answer, tagged } from '../../core/api';
import { Conflicts, Editor, type Store } from '../../core/editor';

export interface SkillModel {
  name: string;
  description: string;
  ucceSkillGroupId: number | null;
  defaultCampaignId: string;
}

export const EMPTY_SKILL: SkillModel = { name: '', description: '', ucceSkillGroupId: null, defaultCampaignId: '' };
const LIST = '/admin/api/v1/skills';
const ONE = '/admin/api/v1/skills/{id}';

@Injectable({ providedIn: 'root' })
export class SkillStore implements Store<SkillModel> {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);

  editor(): Editor<SkillModel> {
    return new Editor(this, this.conflicts, EMPTY_SKILL);
  }

  /** A skill as it stands: with the campaigns that serve it, and its brake. */
  read(id: string): Promise<Schemas['Skill']> {
    return answer(this.http.GET(ONE, { params: { path: { id } } }));
  }

  async load(id: string): Promise<Tagged<SkillModel>> {
    const { body, tag } = await tagged(this.http.GET(ONE, { params: { path: { id } } }));
    const { name, description, ucceSkillGroupId, defaultCampaignId } = body;
    const model = {
      name,
      description: description ?? '',
      ucceSkillGroupId,
      defaultCampaignId: defaultCampaignId ?? '',
    };
    return { body: model, tag };
  }

  async create(model: SkillModel): Promise<string> {
    return (await answer(this.http.POST(LIST, { body: written(model) }))).id;
  }

  async update(id: string, model: SkillModel, tag: string): Promise<void> {
    const headers = { 'If-Match': tag };
    await answer(this.http.PUT(ONE, { params: { path: { id } }, headers, body: written(model) }));
  }

  async remove(id: string): Promise<void> {
    const { tag } = await this.load(id);
    await answer(this.http.DELETE(ONE, { params: { path: { id } }, headers: { 'If-Match': tag } }));
  }
}

function written(model: SkillModel): Schemas['SkillWrite'] {
  return { ...model, description: model.description || null, defaultCampaignId: model.defaultCampaignId || null };
}
