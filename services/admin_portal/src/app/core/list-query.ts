import { Injectable, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';

export const PAGE_SIZE = 50;

/** The query parameters that every list of the admin API takes. */
export interface PageQuery {
  readonly page: number;
  readonly pageSize: number;
  readonly q?: string;
  readonly sort?: string;
}

/**
 * The page, search, order and filters of a list. They are kept in the address, so that a reload, a bookmark and the
 * browser's back button find them again. Each list component provides its own.
 */
@Injectable()
export class ListQuery {
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly params = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });

  readonly page = computed(() => Math.max(1, Number(this.params().get('page')) || 1));
  readonly q = computed(() => this.params().get('q') ?? '');
  readonly sort = computed(() => this.params().get('sort') ?? '');
  readonly filtered = computed(() => this.params().keys.some((key) => key !== 'page' && key !== 'sort'));

  /** A further filter; empty when it is not set. */
  get(name: string): string {
    return this.params().get(name) ?? '';
  }

  /** The filters of these names that are set. */
  filters<N extends string>(names: readonly N[]): Partial<Record<N, string>> {
    const entries = names.map((name) => [name, this.get(name)] as const).filter(([, value]) => value);
    return Object.fromEntries(entries) as Partial<Record<N, string>>;
  }

  /** The query of a list request; what is empty is left out. */
  readonly query = computed<PageQuery>(() => ({
    page: this.page(),
    pageSize: PAGE_SIZE,
    ...(this.q() && { q: this.q() }),
    ...(this.sort() && { sort: this.sort() }),
  }));

  set(changes: Readonly<Record<string, string | number | undefined>>): void {
    const queryParams = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value || null]));
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: 'page' in changes ? queryParams : { ...queryParams, page: null },
      queryParamsHandling: 'merge',
      // A search is one entry of the browser's history, not one for each letter.
      replaceUrl: 'q' in changes && this.q() !== '',
    });
  }

  clear(): void {
    void this.router.navigate([], { relativeTo: this.route });
  }
}
