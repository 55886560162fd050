import { countsLabel, hasEnded, jobLabel, percentDone } from './jobs';

describe('a job', () => {
  it('is named in the words of people', () => {
    expect(jobLabel({ kind: 'do_not_call_import', dryRun: true })).toBe('Import of do-not-call numbers (check only)');
    expect(jobLabel({ kind: 'new_kind', dryRun: false })).toBe('new_kind');
  });

  it('tells what became of its lines, but for what is zero', () => {
    expect(countsLabel({ added: 3, updated: 0, unchanged: 1, failed: 2 })).toBe(
      '3 added, 1 known already, 2 lines that are no number',
    );
    expect(countsLabel({ cancelled: 0 })).toBe('nothing yet');
  });

  it('is at 100 per cent only when all is done', () => {
    expect(percentDone({ done: 1999, total: 2000 })).toBe(99);
    expect(percentDone({ done: 0, total: 0 })).toBe(100);
  });

  it('ends as done, failed or cancelled', () => {
    expect(
      (['queued', 'running', 'done', 'failed', 'cancelled'] as const).map((status) => hasEnded({ status })),
    ).toEqual([false, false, true, true, true]);
  });
});
