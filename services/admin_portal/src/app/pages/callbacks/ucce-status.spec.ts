import { ucceStatus } from './ucce-status';

const at = '2026-11-23T09:00:05-06:00';

describe('a callback at UCCE', () => {
  it('shows the status of its contact in UCCE’s spelling', () => {
    const first = { callStatus: 'closed', importedAt: at, finishedAt: at };
    const open = { callStatus: 'callbackRequested', importedAt: at, finishedAt: null };
    expect(ucceStatus({ status: 'imported', attemptList: [first, open] })).toMatch(
      /^since .+, status callbackRequested$/,
    );
    expect(ucceStatus({ status: 'imported', attemptList: [{ ...open, callStatus: null }] })).toContain(
      'not listed yet',
    );
  });

  it('is empty while UCCE does not have it', () => {
    expect(ucceStatus({ status: 'scheduled', attemptList: [] })).toBe('');
    expect(
      ucceStatus({ status: 'importing', attemptList: [{ callStatus: null, importedAt: null, finishedAt: null }] }),
    ).toBe('');
  });
});
