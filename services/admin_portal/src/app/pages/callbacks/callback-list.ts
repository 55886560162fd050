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
import { BulkCancelDialog, type BulkFilter } from './bulk-cancel-dialog';
import { CallbackFilters, type StatusName, parseStatuses } from './callback-filters';

interface Filters extends BulkFilter {
  readonly status: StatusName[];
  readonly withoutResult: true;
}

@Component({
  selector: 'cm-callback-list',
  imports: [CallbackFilters, LIST_PAGE, PhoneNumber, Status],
  providers: [ListQuery],
  templateUrl: './callback-list.html',
})
export class CallbackList extends ListPage<Schemas['CallbackSummary'], Filters> {
  private readonly dialog = inject(MatDialog);
  private readonly jobs = inject(JobDialog);
  protected readonly emptyIcon = mdiPhoneReturnOutline;
  private readonly bulkFilter = computed<BulkFilter>(() => {
    const { skill, campaign, ...dates } = this.query.filters(['skill', 'campaign', 'from', 'to']);
    return { ...(skill && { skillId: skill }), ...(campaign && { campaignId: campaign }), ...dates };
  });
  /** Only what a skill, a campaign or dates limit can be cancelled in bulk. */
  protected readonly canBulkCancel = computed(() => Object.keys(this.bulkFilter()).length > 0);
  /** Whether the page shows times of several zones: then each row names its zone. */
  protected readonly severalZones = computed(
    () => this.result.hasValue() && new Set(this.result.value().items.map(({ timeZone }) => timeZone)).size > 1,
  );
  protected readonly dayName = dayName;
  protected readonly wallTime = wallTime;

  protected override filters(): Partial<Filters> {
    return {
      ...this.bulkFilter(),
      status: parseStatuses(this.query.get('status')),
      ...(this.query.get('noResult') && { withoutResult: true }),
    };
  }

  protected override request(query: PageQuery & Partial<Filters>, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/callbacks', { params: { query }, signal });
  }

  protected async bulkCancel(): Promise<void> {
    const opened = this.dialog.open<BulkCancelDialog, BulkFilter, string>(BulkCancelDialog, {
      data: this.bulkFilter(),
      width: '480px',
    });
    const id = await firstValueFrom(opened.afterClosed());
    if (!id) return;
    await this.jobs.watch({ id, heading: 'Cancelling callbacks' });
    this.result.reload();
  }
}
