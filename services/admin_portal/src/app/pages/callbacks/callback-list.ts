import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import { mdiPhoneReturnOutline } from '@mdi/js';
import { Api, answer } from '../../core/api';
import { ListQuery } from '../../core/list-query';
import { Session } from '../../core/session';
import { dayName, wallTime } from '../../core/zone';
import { Empty } from '../../ui/empty';
import { ListCard } from '../../ui/list-card';
import { Page } from '../../ui/page';
import { Sort } from '../../ui/sort';
import { Status } from '../../ui/status';
import { BulkCancelDialog, type BulkFilter } from './bulk-cancel';
import { CallbackFilters, statusesOf } from './callback-filters';

@Component({
  selector: 'cm-callback-list',
  imports: [CallbackFilters, Empty, ListCard, MatButton, Page, RouterLink, Sort, Status],
  providers: [ListQuery],
  templateUrl: './callback-list.html',
})
export class CallbackList {
  private readonly api = inject(Api);
  private readonly dialog = inject(MatDialog);
  private readonly query = inject(ListQuery);
  protected readonly session = inject(Session);
  protected readonly none = mdiPhoneReturnOutline;
  protected readonly filter = computed<BulkFilter>(() => ({
    ...(this.query.get('skill') && { skillId: this.query.get('skill') }),
    ...(this.query.get('campaign') && { campaignId: this.query.get('campaign') }),
    ...(this.query.get('from') && { from: this.query.get('from') }),
    ...(this.query.get('to') && { to: this.query.get('to') }),
  }));
  protected readonly narrowed = computed(() => Object.keys(this.filter()).length > 0);
  protected readonly result = resource({
    params: () => ({
      ...this.query.query(),
      ...this.filter(),
      status: statusesOf(this.query.get('status')),
      ...(this.query.get('noResult') && { withoutResult: true }),
    }),
    loader: ({ params, abortSignal }) =>
      answer(this.api.http.GET('/admin/api/v1/callbacks', { params: { query: params }, signal: abortSignal })),
  });
  /** Whether times of several zones stand below each other: then each names its own. */
  protected readonly severalZones = computed(
    () => this.result.hasValue() && new Set(this.result.value().items.map(({ timeZone }) => timeZone)).size > 1,
  );
  protected readonly dayName = dayName;
  protected readonly wallTime = wallTime;

  protected bulkCancel(): void {
    this.dialog
      .open<BulkCancelDialog, BulkFilter, boolean>(BulkCancelDialog, { data: this.filter(), width: '480px' })
      .afterClosed()
      .subscribe((done) => {
        if (done) this.result.reload();
      });
  }
}
