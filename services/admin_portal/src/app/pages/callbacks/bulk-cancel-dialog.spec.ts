import { TestBed } from '@angular/core/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api';
import { BulkCancelDialog } from './bulk-cancel-dialog';

const WHAT = { filter: { q: '3125550142', status: ['scheduled'] }, total: 1 };
const GROUPS = Array.from({ length: 14 }, (_, at) => ({
  date: `2026-11-${at + 10}`,
  skillId: '1',
  skill: 'Billing',
  count: 2,
}));

/** The dialog, with what it sent and the body of its answer. */
async function opened(answer: { status: number; body: unknown }): Promise<{ page: HTMLElement; sent: unknown[] }> {
  const sent: unknown[] = [];
  const response = new Response(null, { status: answer.status });
  const POST = (_path: string, { body }: { body: unknown }): Promise<unknown> => {
    sent.push(body);
    return Promise.resolve(answer.status === 200 ? { data: answer.body, response } : { error: answer.body, response });
  };
  TestBed.configureTestingModule({
    providers: [
      { provide: Api, useValue: { http: { POST } } },
      { provide: MAT_DIALOG_DATA, useValue: WHAT },
      { provide: MatDialogRef, useValue: { close: () => undefined } },
    ],
  });
  const dialog = TestBed.createComponent(BulkCancelDialog);
  await dialog.whenStable();
  dialog.detectChanges();
  return { page: dialog.nativeElement as HTMLElement, sent };
}

describe('the question before a bulk cancel', () => {
  it('is about the filter and the number that the list showed, and tells days and skills', async () => {
    const body = { count: 28, limit: 10_000, groups: GROUPS, first: [] };
    const { page, sent } = await opened({ status: 200, body });
    expect(sent).toEqual([{ ...WHAT.filter, total: 1 }]);
    const text = (page.textContent ?? '').replaceAll(/\s+/g, ' ');
    expect(text).toContain('28 callbacks are still scheduled');
    expect(page.querySelectorAll('tbody tr')).toHaveLength(12);
    expect(text).toContain('and 2 more days and skills');
  });

  it('is not asked when the list showed another number', async () => {
    const body = { code: 'count_changed', detail: 'The list showed 1, and there are 322 now. Look again.' };
    const { page } = await opened({ status: 409, body });
    expect(page.textContent).toContain('there are 322 now');
    const buttons = [...page.querySelectorAll('button')];
    expect(buttons.find((one) => one.textContent?.includes('Cancel them'))?.disabled).toBe(true);
  });
});
