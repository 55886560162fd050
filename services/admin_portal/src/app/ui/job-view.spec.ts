import { TestBed } from '@angular/core/testing';
import { Api } from '../core/api';
import type { JobDetail } from '../core/jobs';
import { JobView } from './job-view';

const JOB = {
  id: '7',
  kind: 'do_not_call_import',
  status: 'running',
  dryRun: false,
  lost: false,
  total: 400,
  done: 100,
  counts: { added: 99, updated: 0, unchanged: 0, failed: 1 },
  problem: null,
  node: 'node-1',
  resultLines: 1,
  restorable: 0,
  lines: [{ line: 3, message: 'It is no number.' }],
} as unknown as JobDetail;

async function shown(
  job: JobDetail,
): Promise<{ text: string; ended: JobDetail[]; posted: string[]; undone: string[]; page: HTMLElement }> {
  const posted: string[] = [];
  const http = {
    GET: () => Promise.resolve({ data: job, response: new Response() }),
    POST: (path: string) => {
      posted.push(path);
      return Promise.resolve({ data: job, response: new Response() });
    },
  };
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({ providers: [{ provide: Api, useValue: { http } }] });
  const view = TestBed.createComponent(JobView);
  const ended: JobDetail[] = [];
  view.componentInstance.finished.subscribe((one) => ended.push(one));
  const undone: string[] = [];
  view.componentInstance.undone.subscribe((id) => undone.push(id));
  view.componentRef.setInput('id', job.id);
  await view.whenStable();
  const page = view.nativeElement as HTMLElement;
  return { text: (page.textContent ?? '').replaceAll(/\s+/g, ' '), ended, posted, undone, page };
}

function button(page: HTMLElement, label: string): HTMLButtonElement | undefined {
  return [...page.querySelectorAll('button')].find((one) => one.textContent?.includes(label));
}

describe('the view of a job', () => {
  it('shows how far it is, and that it goes on alone', async () => {
    const { text, ended, page } = await shown(JOB);
    expect(text).toContain('100 of 400: 99 added, 1 lines that are no number');
    expect(page.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('25');
    expect(ended).toEqual([]);
    expect(button(page, 'Go on with it')).toBeUndefined();
  });

  it('says that its node is lost', async () => {
    expect((await shown({ ...JOB, lost: true })).text).toContain('node-1 is not heard of any more');
  });

  it('tells once that it has ended, with the first lines of its result', async () => {
    const { text, ended, page } = await shown({ ...JOB, status: 'done', done: 400 });
    expect(ended.map(({ status }) => status)).toEqual(['done']);
    expect(text).toContain('Line 3: It is no number.');
    expect(button(page, 'Download the result (1 line)')).toBeDefined();
    expect(page.querySelector('[role=progressbar]')).toBeNull();
  });

  it('undoes a bulk cancel once it has ended, and names the job that does it', async () => {
    const cancelled: JobDetail = { ...JOB, kind: 'bulk_cancel', status: 'done', done: 400, restorable: 399 };
    const { posted, page, undone } = await shown(cancelled);
    button(page, 'Undo: restore 399')?.click();
    expect(posted).toEqual(['/admin/api/v1/callbacks/bulk-cancel/{id}/undo']);
    await vi.waitFor(() => expect(undone).toEqual(['7']));
    expect(button((await shown({ ...cancelled, restorable: 0 })).page, 'Undo')).toBeUndefined();
  });

  it('offers to go on with one that failed', async () => {
    const { text, posted, page } = await shown({ ...JOB, status: 'failed', problem: 'It ended 3 times.' });
    expect(text).toContain('It ended 3 times.');
    button(page, 'Go on with it')?.click();
    expect(posted).toEqual(['/admin/api/v1/jobs/{id}/retry']);
  });
});
