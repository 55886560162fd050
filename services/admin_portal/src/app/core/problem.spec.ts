import { Problem } from './problem';

describe('a problem', () => {
  it('has the messages of each field, nested or not', () => {
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

  it('says the reasons that stand with fields, too', () => {
    const file = Problem.from(422, {
      detail: 'The request is not valid.',
      errors: { body: ['The file is not UTF-8.'] },
    });
    expect(file.explanation).toBe('The request is not valid. The file is not UTF-8.');
    const field = Problem.from(422, { detail: 'Not valid.', errors: { name: ['Missing.'] } });
    expect(field.explanation).toBe('Not valid. name: Missing.');
    expect(Problem.from(404, { detail: 'There is no skill.' }).explanation).toBe('There is no skill.');
  });

  it('has a message when the response has no problem body', () => {
    const problem = Problem.from(502, '<html>');
    expect(problem.detail).toBe('The server answered with 502.');
    expect(problem.fields.size).toBe(0);
  });

  it('has a general message for a defect of the page', () => {
    expect(Problem.of(new TypeError('x is undefined')).detail).toBe('Something went wrong in this page.');
  });
});
