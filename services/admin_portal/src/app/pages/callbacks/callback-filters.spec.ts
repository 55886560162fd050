import { callbackFilter, isNarrowed } from './callback-filters';

/** The filter of a list at an address with these parameters. */
function filterOf(params: Readonly<Record<string, string>>) {
  return callbackFilter({
    q: (() => params['q'] ?? '') as never,
    get: (name) => params[name] ?? '',
    filters: (names) =>
      Object.fromEntries(names.filter((name) => params[name]).map((name) => [name, params[name]])) as never,
  });
}

describe('the filter of the callback list', () => {
  it('is the search, the skill, the dates and the states together', () => {
    const params = { q: '0142', skill: '3', from: 'today', to: 'today', status: 'scheduled,failed', noResult: 'yes' };
    expect(filterOf(params)).toEqual({
      q: '0142',
      skillId: '3',
      from: 'today',
      to: 'today',
      status: ['scheduled', 'failed'],
      withoutResult: true,
    });
    expect(filterOf({ page: '3', sort: 'start' })).toEqual({});
  });

  it('is narrow enough for a bulk action by anything but states', () => {
    expect(isNarrowed(filterOf({ status: 'scheduled', noResult: 'yes' }))).toBe(false);
    expect(isNarrowed(filterOf({ q: '0142' }))).toBe(true);
    expect(isNarrowed(filterOf({ from: 'today', status: 'scheduled' }))).toBe(true);
  });
});
