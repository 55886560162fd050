import { Problem } from './problem';

describe('a problem', () => {
  it('tells the messages of each field, nested or not', () => {
    const problem = Problem.from(422, {
      code: 'validation_error',
      detail: 'Some fields are not valid.',
      errors: { name: ['Missing.'], capacities: { 3: ['Too large.'] }, 'parameters.maxAttempts': ['1 to 100.'] },
    });
    expect([...problem.fields]).toEqual([
      ['name', ['Missing.']],
      ['capacities.3', ['Too large.']],
      ['parameters.maxAttempts', ['1 to 100.']],
    ]);
  });

  it('is understandable even when the answer was no problem body', () => {
    const problem = Problem.from(502, '<html>');
    expect(problem.detail).toBe('The server answered with 502.');
    expect(problem.fields.size).toBe(0);
  });

  it('shows no text of a defect to the user', () => {
    expect(Problem.of(new TypeError('x is undefined')).detail).toBe('Something went wrong in this page.');
  });
});
