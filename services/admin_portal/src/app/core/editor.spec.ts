import { TestBed } from '@angular/core/testing';
import { type FieldTree, form, required } from '@angular/forms/signals';
import type { Versioned } from './api';
import { Editor, type Effects, type Repository, type SaveQuestions } from './editor';
import { Problem } from './problem';

interface Model {
  name: string;
  limits: { calls: number };
}

const stale = () => new Problem(412, 'stale_version', 'Somebody else saved it.');
const invalid = (errors: object) => Problem.from(422, { code: 'validation_error', detail: 'Not valid.', errors });

/** Holds one resource with the id 7, and refuses a write that names another version than the present one. */
class InMemoryRepository implements Repository<Model> {
  stored: Model = { name: 'Billing', limits: { calls: 3 } };
  version = 1;
  refusal: Problem | undefined;

  blank(): Model {
    return { name: '', limits: { calls: 1 } };
  }

  load(id: string): Promise<Versioned<Model>> {
    if (id !== '7') return Promise.reject(new Problem(404, 'not_found', 'There is no such thing.'));
    return Promise.resolve({ body: structuredClone(this.stored), etag: `"${this.version}"` });
  }

  create(model: Model): Promise<string> {
    return this.write(model);
  }

  update(_id: string, model: Model, etag: string): Promise<string> {
    return etag === `"${this.version}"` ? this.write(model) : Promise.reject(stale());
  }

  remove(): Promise<boolean> {
    return Promise.resolve(true);
  }

  saveAsAnotherUser(name: string): void {
    this.stored = { ...this.stored, name };
    this.version += 1;
  }

  private write(model: Model): Promise<string> {
    if (this.refusal) return Promise.reject(this.refusal);
    // As the server does: it trims the name.
    this.stored = { ...structuredClone(model), name: model.name.trim() };
    this.version += 1;
    return Promise.resolve('7');
  }
}

/** Answers the questions of a save, and keeps which were asked. */
class Answers implements SaveQuestions {
  readonly asked: string[] = [];
  conflict: 'mine' | 'theirs' | undefined;
  acceptEffects = true;

  resolveConflict(): Promise<'mine' | 'theirs' | undefined> {
    this.asked.push('conflict');
    return Promise.resolve(this.conflict);
  }

  confirmEffects({ summary }: Effects): Promise<boolean> {
    this.asked.push(summary);
    return Promise.resolve(this.acceptEffects);
  }
}

function edit(repository = new InMemoryRepository()) {
  const answers = new Answers();
  const editor = new Editor(repository, answers);
  const fields: FieldTree<Model> = TestBed.runInInjectionContext(() =>
    form(editor.model, (path) => {
      required(path.name, { message: 'Give it a name.' });
    }),
  );
  const rename = (name: string) => editor.model.update((model) => ({ ...model, name }));
  return { answers, editor, fields, rename, repository };
}

describe('the editor of a resource', () => {
  it('opens the stored resource without unsaved changes', async () => {
    const { editor, rename } = edit();
    expect(editor.loading()).toBe(true);
    await editor.open('7');
    expect([editor.loading(), editor.model().name, editor.unsaved()]).toEqual([false, 'Billing', false]);
    expect(editor.opened()).toBe(true);
    rename('Sales');
    expect(editor.unsaved()).toBe(true);
    rename('Billing');
    expect(editor.unsaved()).toBe(false);
  });

  it('shows why a resource could not be read', async () => {
    const { editor } = edit();
    await editor.open('8');
    expect([editor.loading(), editor.error()?.detail]).toEqual([false, 'There is no such thing.']);
    expect(editor.opened()).toBe(false); // an empty form would look like a resource
    await editor.open('7');
    expect(editor.error()).toBeUndefined();
  });

  it('starts a new one from the blank model, or from another one', async () => {
    const { editor } = edit();
    await editor.open(undefined);
    expect(editor.model()).toEqual({ name: '', limits: { calls: 1 } });
    await editor.open(undefined, { name: 'Copy', limits: { calls: 5 } });
    expect([editor.model().name, editor.unsaved()]).toEqual(['Copy', false]);
  });

  it('discards changes and the error of a save', async () => {
    const { editor, fields, rename, repository } = edit();
    await editor.open('7');
    rename('Sales');
    repository.refusal = new Problem(409, 'in_use', 'Another one has this name.');
    await editor.save(fields);
    editor.revert();
    expect([editor.model().name, editor.unsaved(), editor.error()]).toEqual(['Billing', false, undefined]);
  });

  it('creates a new one once, and updates it by its own version', async () => {
    const { editor, fields, rename, repository } = edit();
    await editor.open(undefined);
    rename('Sales');
    expect(await editor.save(fields)).toBe('7');
    expect([repository.stored.name, editor.unsaved(), editor.saving()]).toEqual(['Sales', false, false]);

    await editor.open('7');
    rename(' Support ');
    expect(await editor.save(fields)).toBe('7');
    expect(editor.model().name).toBe('Support'); // as the server stored it
    rename('Again');
    expect(await editor.save(fields)).toBe('7');
    expect(repository.stored.name).toBe('Again');
  });

  it('sends nothing while a field is invalid', async () => {
    const { editor, fields, rename, repository } = edit();
    await editor.open('7');
    rename('');
    expect(await editor.save(fields)).toBeUndefined();
    expect([repository.version, fields.name().touched()]).toEqual([1, true]);
  });

  it('puts the messages of the server at their fields', async () => {
    const { editor, fields, rename, repository } = edit();
    await editor.open('7');
    rename('Sales');
    repository.refusal = invalid({ name: ['Taken.'], 'limits.calls': ['At most 2.'] });
    expect(await editor.save(fields)).toBeUndefined();
    expect(fields.name().errors()).toMatchObject([{ message: 'Taken.' }]);
    expect(fields.limits.calls().errors()).toMatchObject([{ message: 'At most 2.' }]);
    expect([editor.error(), editor.saving(), editor.unsaved()]).toEqual([undefined, false, true]);
  });

  it('shows on the page what belongs to no field', async () => {
    const { editor, fields, rename, repository } = edit();
    await editor.open('7');
    rename('Sales');
    repository.refusal = invalid({ name: ['Taken.'], colour: ['Unknown field.'] });
    await editor.save(fields);
    expect(editor.error()?.detail).toBe('Not valid. colour: Unknown field.');
    expect(fields.name().errors()).toMatchObject([{ message: 'Taken.' }]);
    repository.refusal = undefined;
    rename('Support'); // the message at a field goes when its value changes
    expect(await editor.save(fields)).toBe('7');
    expect(editor.error()).toBeUndefined();
  });

  it('finds a field where the form has another path than the request', async () => {
    const repository = new InMemoryRepository();
    const { editor, fields, rename } = edit(
      Object.assign(repository, { fieldPath: (path: string) => (path === 'maxCalls' ? ['limits', 'calls'] : []) }),
    );
    await editor.open('7');
    rename('Sales');
    repository.refusal = invalid({ maxCalls: ['At most 2.'] });
    await editor.save(fields);
    expect(fields.limits.calls().errors()).toMatchObject([{ message: 'At most 2.' }]);
  });
});

describe('a save after another user’s save', () => {
  async function conflict(choice: 'mine' | 'theirs' | undefined) {
    const made = edit();
    made.answers.conflict = choice;
    await made.editor.open('7');
    made.rename('Mine');
    made.repository.saveAsAnotherUser('Theirs');
    const id = await made.editor.save(made.fields);
    return { ...made, id };
  }

  it('overwrites it when the user says so', async () => {
    const { answers, editor, id, repository } = await conflict('mine');
    expect([answers.asked, id, repository.stored.name, editor.unsaved()]).toEqual([['conflict'], '7', 'Mine', false]);
  });

  it('is given up for the other one', async () => {
    const { editor, fields, id, rename, repository } = await conflict('theirs');
    expect([id, editor.model().name, editor.unsaved(), repository.stored.name]).toEqual([
      undefined,
      'Theirs',
      false,
      'Theirs',
    ]);
    rename('Third');
    expect(await editor.save(fields)).toBe('7');
  });

  it('changes nothing while the user keeps editing', async () => {
    const { editor, id, repository } = await conflict(undefined);
    expect([id, editor.model().name, editor.unsaved(), repository.stored.name]).toEqual([
      undefined,
      'Mine',
      true,
      'Theirs',
    ]);
  });

  it('asks about the conflict, not about effects of a version that is gone', async () => {
    const made = edit(Object.assign(new InMemoryRepository(), { effects: () => Promise.reject(stale()) }));
    made.answers.conflict = 'theirs';
    await made.editor.open('7');
    made.rename('Mine');
    made.repository.saveAsAnotherUser('Theirs');
    await made.editor.save(made.fields);
    expect([made.answers.asked, made.editor.model().name]).toEqual([['conflict'], 'Theirs']);
  });
});

describe('a save with effects on booked callbacks', () => {
  const effects = () => Promise.resolve({ summary: '3 booked callbacks do not fit.' } as Effects);

  it('is written after the user accepts them', async () => {
    const { answers, editor, fields, rename, repository } = edit(Object.assign(new InMemoryRepository(), { effects }));
    await editor.open('7');
    rename('Sales');
    expect(await editor.save(fields)).toBe('7');
    expect([answers.asked, repository.stored.name]).toEqual([['3 booked callbacks do not fit.'], 'Sales']);
  });

  it('is not written when the user goes back', async () => {
    const { answers, editor, fields, rename, repository } = edit(Object.assign(new InMemoryRepository(), { effects }));
    answers.acceptEffects = false;
    await editor.open('7');
    rename('Sales');
    expect(await editor.save(fields)).toBeUndefined();
    expect([repository.stored.name, editor.unsaved(), editor.saving()]).toEqual(['Billing', true, false]);
  });

  it('is not written when they cannot be found out', async () => {
    const failing = { effects: () => Promise.reject(new Problem(503, 'unavailable', 'The database does not answer.')) };
    const { editor, fields, rename, repository } = edit(Object.assign(new InMemoryRepository(), failing));
    await editor.open('7');
    rename('Sales');
    expect(await editor.save(fields)).toBeUndefined();
    expect([editor.error()?.detail, repository.version]).toEqual(['The database does not answer.', 1]);
  });
});
