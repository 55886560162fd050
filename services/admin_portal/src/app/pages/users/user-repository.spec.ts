import { TestBed } from '@angular/core/testing';
import { Api } from '../../core/api';
import { UserRepository } from './user-repository';

/** The repository with a server that gives this user, and what was written to it. */
function repositoryOf(user: object) {
  const written: unknown[] = [];
  const answer = (body: unknown) => ({ data: body, response: new Response(null, { headers: { ETag: '"1"' } }) });
  const http = {
    GET: () => Promise.resolve(answer(user)),
    PUT: (_: string, { body }: { body: unknown }) => Promise.resolve(answer(written.push(body))),
  };
  TestBed.configureTestingModule({ providers: [{ provide: Api, useValue: { http } }] });
  return { repository: TestBed.inject(UserRepository), written };
}

const ANN = { name: 'ann', displayName: 'Ann', role: 'operator', enabled: true, seesPhones: false, mayExport: false };

describe('what a person sees', () => {
  it('is written as it was read', async () => {
    const { repository, written } = repositoryOf({ ...ANN, skillIds: ['4', '7'] });
    const { body } = await repository.load('1');
    await repository.update('1', body, '"1"');
    expect(written).toEqual([{ ...ANN, skillIds: ['4', '7'] }]);
  });

  it('is nothing where no skill is chosen, and everything for all skills', async () => {
    const { repository, written } = repositoryOf({ ...ANN, skillIds: null });
    const { body } = await repository.load('1');
    await repository.update('1', { ...body, skills: 'some' }, '"1"');
    await repository.update('1', body, '"1"');
    expect(written).toEqual([
      { ...ANN, skillIds: [] },
      { ...ANN, skillIds: null },
    ]);
  });

  it('is everything for an administrator', async () => {
    const { repository, written } = repositoryOf({ ...ANN, skillIds: ['4'] });
    const { body } = await repository.load('1');
    await repository.update('1', { ...body, role: 'administrator' }, '"1"');
    expect(written).toEqual([{ ...ANN, role: 'administrator', skillIds: null }]);
  });
});
