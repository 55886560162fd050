import { parsed, shown } from './setting-value';

describe('a setting', () => {
  it('is shown and read back the same', () => {
    const prefixes = ['+1...976', '+870'];
    expect(parsed('prefixes', shown(prefixes))).toEqual(prefixes);
    expect(parsed('regions', shown(['US', 'CA']))).toEqual(['US', 'CA']);
    expect(parsed('integer', shown(15))).toBe(15);
    expect(parsed('boolean', shown(false))).toBe(false);
  });

  it('takes a list as people write it', () => {
    expect(parsed('prefixes', ' +1900;\n+881, +4470 ')).toEqual(['+1900', '+881', '+4470']);
    expect(parsed('regions', 'us ca')).toEqual(['US', 'CA']);
    expect(parsed('prefixes', '  ')).toEqual([]);
  });
});
