import { heldBy } from './held-by';

const at = '2026-11-23T09:00:05-06:00';

describe('a callback at UCCE', () => {
  it('tells the status of its contact as UCCE spells it', () => {
    const first = { callStatus: 'closed', importedAt: at, finishedAt: at };
    const open = { callStatus: 'callbackRequested', importedAt: at, finishedAt: null };
    expect(heldBy({ status: 'imported', attemptList: [first, open] })).toMatch(/^since .+, status callbackRequested$/);
    expect(heldBy({ status: 'imported', attemptList: [{ ...open, callStatus: null }] })).toContain('not listed yet');
  });

  it('is nothing while UCCE has it not', () => {
    expect(heldBy({ status: 'scheduled', attemptList: [] })).toBe('');
    expect(
      heldBy({ status: 'importing', attemptList: [{ callStatus: null, importedAt: null, finishedAt: null }] }),
    ).toBe('');
  });
});
