import { changes } from './changes';

describe('the changes of an audit entry', () => {
  it('are what differs', () => {
    expect(changes({ name: 'a', capacity: 1 }, { name: 'a', capacity: 2 })).toEqual([
      { name: 'capacity', before: '1', after: '2' },
    ]);
  });

  it('are everything of a new or a deleted thing', () => {
    expect(changes(null, { name: 'a', list: [1] })).toEqual([
      { name: 'name', before: '', after: 'a' },
      { name: 'list', before: '', after: '[1]' },
    ]);
    expect(changes({ name: 'a' }, null)).toEqual([{ name: 'name', before: 'a', after: '' }]);
    expect(changes(null, null)).toEqual([]);
  });
});
