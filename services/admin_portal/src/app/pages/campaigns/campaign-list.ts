import { Component } from '@angular/core';
import { mdiBullhornOutline, mdiPlus } from '@mdi/js';
import type { Schemas } from '../../core/api';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-campaign-list',
  imports: [LIST_PAGE, Status],
  providers: [ListQuery],
  templateUrl: './campaign-list.html',
})
export class CampaignList extends ListPage<Schemas['Campaign']> {
  protected readonly icons = { add: mdiPlus, none: mdiBullhornOutline };

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/campaigns', { params: { query }, signal });
  }

  protected holdLabel({ hold }: Schemas['Campaign']): string | undefined {
    return hold === 'not_ours' ? 'not ours' : hold === 'switched_off' ? 'switched off there' : undefined;
  }

  protected skills(campaign: Schemas['Campaign']): string {
    return campaign.skills.map(({ skill }) => skill).join(', ');
  }
}
