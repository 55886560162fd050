import { Directive, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { actorName } from '../core/actor';
import { Api, type ApiResponse, unwrap } from '../core/api';
import { ago, localMoment } from '../core/date-time';
import { ListQuery, type PageQuery } from '../core/list-query';
import { Session } from '../core/session';
import { EmptyState } from './empty-state';
import { Icon } from './icon';
import { ListCard } from './list-card';
import { Page } from './page';
import { Search } from './search';
import { SortHeader } from './sort-header';

/** What the template of every list uses. */
export const LIST_PAGE = [EmptyState, Icon, ListCard, MatButton, Page, RouterLink, Search, SortHeader] as const;

interface Paged<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/**
 * A list of resources of type `T`: the page that the address asks for, read anew when the address changes. `F` are the
 * filters beside search and order. The component provides a `ListQuery`.
 */
@Directive()
export abstract class ListPage<T, F extends object = object> {
  protected readonly http = inject(Api).http;
  protected readonly session = inject(Session);
  protected readonly query = inject(ListQuery);
  protected readonly result = resource({
    params: () => ({ ...this.query.query(), ...this.filters() }),
    loader: ({ params, abortSignal }) => unwrap(this.request(params, abortSignal)),
  });
  protected readonly ago = ago;
  protected readonly moment = localMoment;
  protected readonly actorName = actorName;

  protected abstract request(query: PageQuery & Partial<F>, signal: AbortSignal): Promise<ApiResponse<Paged<T>>>;

  protected filters(): Partial<F> {
    return {};
  }
}
