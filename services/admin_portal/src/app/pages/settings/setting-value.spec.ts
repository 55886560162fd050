import { parseValue, formatValue } from './setting-value';

describe('a setting', () => {
  it('is shown and read back the same', () => {
    const prefixes = ['+1...976', '+870'];
    expect(parseValue('prefixes', formatValue(prefixes))).toEqual(prefixes);
    expect(parseValue('roles', 'Administrator, supervisor')).toEqual(['administrator', 'supervisor']);
    expect(parseValue('regions', formatValue(['US', 'CA']))).toEqual(['US', 'CA']);
    expect(parseValue('integer', formatValue(15))).toBe(15);
    expect(parseValue('boolean', formatValue(false))).toBe(false);
  });

  it('takes a list as people write it', () => {
    expect(parseValue('prefixes', ' +1900;\n+881, +4470 ')).toEqual(['+1900', '+881', '+4470']);
    expect(parseValue('regions', 'us ca')).toEqual(['US', 'CA']);
    expect(parseValue('prefixes', '  ')).toEqual([]);
  });
});
