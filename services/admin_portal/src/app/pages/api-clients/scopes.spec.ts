import { SCOPE_CHOICES, scopesLabel } from './scopes';

describe('the scopes of an API client', () => {
  it('are shown in the words of people', () => {
    expect(scopesLabel(['ivr'])).toBe('IVR');
    expect(scopesLabel(['ivr', 'ops'])).toBe('IVR and Operators');
  });

  it('stay as they are when this version does not know them', () => {
    expect(scopesLabel(['ivr', 'reports'])).toBe('IVR and reports');
  });

  it('are each a choice that says what it is for', () => {
    expect(SCOPE_CHOICES.map(({ value }) => value)).toEqual(['ivr', 'ops']);
    for (const { label } of SCOPE_CHOICES) expect(label).toMatch(/^\w+: .+/);
  });
});
