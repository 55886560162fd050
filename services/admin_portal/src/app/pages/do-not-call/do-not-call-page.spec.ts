import { fate } from './do-not-call-page';

describe('the do-not-call list', () => {
  it('tells what becomes of the callbacks of a number that is listed', () => {
    expect(fate({ cancelled: 0, atUcce: 0 })).toBe('');
    expect(fate({ cancelled: 1, atUcce: 0 })).toBe(' 1 waiting callback was cancelled.');
    expect(fate({ cancelled: 2, atUcce: 1 })).toBe(
      ' 2 waiting callbacks were cancelled. UCCE has 1 already and may still call.',
    );
    expect(fate({ cancelled: 3, atUcce: 0 }, true)).toBe(' 3 waiting callbacks are cancelled.');
  });
});
