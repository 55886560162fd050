import { Component, computed, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { mdiPhoneReturnOutline } from '@mdi/js';
import { firstValueFrom } from 'rxjs';
import type { Schemas } from '../../core/api';
import { dayName, wallTime } from '../../core/date-time';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { JobDialog } from '../../ui/job-dialog';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { PhoneNumber } from '../../ui/phone-number';
import { Status } from '../../ui/status';
import { BulkCancelDialog, type WhatToCancel } from './bulk-cancel-dialog';
import { type CallbackFilter, CallbackFilters, callbackFilter, isNarrowed } from './callback-filters';

@Component({
  selector: 'cm-callback-list',
  imports: [CallbackFilters, LIST_PAGE, PhoneNumber, Status],
  providers: [ListQuery],
  templateUrl: './callback-list.html',
})
export class CallbackList extends ListPage<Schemas['CallbackSummary'], CallbackFilter> {
  private readonly dialog = inject(MatDialog);
  private readonly jobs = inject(JobDialog);
  protected readonly emptyIcon = mdiPhoneReturnOutline;
  private readonly filter = computed(() => callbackFilter(this.query));
  /** Only what more than states narrows down can be cancelled in bulk: everything is never meant. */
  protected readonly canBulkCancel = computed(() => isNarrowed(this.filter()) && this.result.hasValue());
  /** Whether the page shows times of several zones: then each row names its zone. */
  protected readonly severalZones = computed(
    () => this.result.hasValue() && new Set(this.result.value().items.map(({ timeZone }) => timeZone)).size > 1,
  );
  protected readonly dayName = dayName;
  protected readonly wallTime = wallTime;

  protected override filters(): CallbackFilter {
    return this.filter();
  }

  protected override request(query: PageQuery & CallbackFilter, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/callbacks', { params: { query }, signal });
  }

  protected async bulkCancel(): Promise<void> {
    if (!this.result.hasValue()) return;
    const opened = this.dialog.open<BulkCancelDialog, WhatToCancel, string>(BulkCancelDialog, {
      data: { filter: this.filter(), total: this.result.value().total },
      width: '640px',
    });
    const id = await firstValueFrom(opened.afterClosed());
    if (!id) {
      this.result.reload(); // it may have shown another number than there is
      return;
    }
    await this.jobs.watch({ id, heading: 'Cancelling callbacks' });
    this.result.reload();
  }
}
