import { Component, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiBullhornOutline, mdiPlus } from '@mdi/js';
import { Api, type Schemas, answer } from '../../core/api';
import { ListQuery } from '../../core/list-query';
import { Session } from '../../core/session';
import { ago } from '../../core/zone';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { ListCard } from '../../ui/list-card';
import { Page } from '../../ui/page';
import { Search } from '../../ui/search';
import { Sort } from '../../ui/sort';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-campaign-list',
  imports: [Empty, Icon, ListCard, MatButton, Page, RouterLink, Search, Sort, Status],
  providers: [ListQuery],
  templateUrl: './campaign-list.html',
})
export class CampaignList {
  private readonly api = inject(Api);
  private readonly query = inject(ListQuery);
  protected readonly session = inject(Session);
  protected readonly icons = { add: mdiPlus, none: mdiBullhornOutline };
  protected readonly result = resource({
    params: () => this.query.query(),
    loader: ({ params, abortSignal }) =>
      answer(this.api.http.GET('/admin/api/v1/campaigns', { params: { query: params }, signal: abortSignal })),
  });
  protected readonly ago = ago;

  protected held({ hold }: Schemas['Campaign']): string | undefined {
    return hold === 'not_ours' ? 'not ours' : hold === 'switched_off' ? 'switched off there' : undefined;
  }

  protected skills(campaign: Schemas['Campaign']): string {
    return campaign.skills.map(({ skill }) => skill).join(', ');
  }
}
