import { computed, signal } from '@angular/core';
import { type FieldTree, type ValidationError, submit } from '@angular/forms/signals';
import type { Schemas, Versioned } from './api';
import { Problem } from './problem';

/** What a change would do to booked callbacks and to slots. */
export type Effects = Schemas['Effects'];
export type FieldErrors = ValidationError.WithOptionalFieldTree[];

/** How one kind of resource is read and written; `M` is its model in a form. */
export interface Repository<M> {
  /** The model that a new one starts with. */
  blank(): M;
  load(id: string): Promise<Versioned<M>>;
  /** Resolves to the id of the new resource. */
  create(model: M): Promise<string>;
  update(id: string, model: M, etag: string): Promise<unknown>;
  /** False when the user decided against it. */
  remove(id: string): Promise<boolean>;
  /** What a write would do; only for resources that slots depend on. */
  effects?(id: string | undefined, model: M, etag: string): Promise<Effects | undefined>;
  /** The path in the form of a path in the request body, where the two differ. */
  fieldPath?(path: string): readonly string[];
}

/** What the user is asked while a change is saved. */
export interface SaveQuestions {
  /** Another user has saved the same resource first (412): overwrite, take theirs, or, undefined, keep editing. */
  resolveConflict(problem: Problem): Promise<'mine' | 'theirs' | undefined>;
  /** False when the user decides against a change that booked callbacks do not fit or that closes slots. */
  confirmEffects(effects: Effects): Promise<boolean>;
}

/**
 * One resource in a form: the model as it was read, the model as it is now, and whether the two differ. A save puts the
 * server's messages at the fields that they are about, and resolves a conflict with another user's save.
 */
export class Editor<M> {
  readonly model;
  readonly error = signal<Problem | undefined>(undefined);
  readonly loading = signal(true);
  /** Whether there is something to edit: false also when there is no resource of the id. */
  readonly opened = signal(false);
  readonly saving = signal(false);
  readonly unsaved;
  private readonly saved;
  private id: string | undefined;
  private etag = '';

  constructor(
    private readonly repository: Repository<M>,
    private readonly questions: SaveQuestions,
  ) {
    const blank = repository.blank();
    this.model = signal(blank);
    this.saved = signal(blank);
    this.unsaved = computed(() => JSON.stringify(this.model()) !== JSON.stringify(this.saved()));
  }

  /** Edits the resource of this id or, without one, a new resource that starts as `blank`. */
  async open(id: string | undefined, blank: M = this.repository.blank()): Promise<void> {
    this.id = id;
    this.error.set(undefined);
    this.loading.set(true);
    this.opened.set(false);
    try {
      if (id) await this.read(id);
      else this.reset(blank);
      this.opened.set(true);
    } catch (error) {
      this.error.set(Problem.of(error));
    } finally {
      this.loading.set(false);
    }
  }

  revert(): void {
    this.model.set(this.saved());
    this.error.set(undefined);
  }

  /** Resolves to the id; to undefined when nothing was saved, and then the page shows why. */
  async save(fields: FieldTree<M>): Promise<string | undefined> {
    let id: string | undefined;
    await submit(fields, {
      action: async () => {
        this.error.set(undefined);
        this.saving.set(true);
        try {
          id = await this.write();
          return undefined;
        } catch (error) {
          return this.fieldErrors(Problem.of(error), fields);
        } finally {
          this.saving.set(false);
        }
      },
      onInvalid: (form) => form().errorSummary()[0]?.fieldTree().focusBoundControl(),
    });
    return id;
  }

  private async write(): Promise<string | undefined> {
    const model = this.model();
    const effects = await this.effects(model);
    if (effects && !(await this.questions.confirmEffects(effects))) return undefined;
    if (!this.id) {
      const id = await this.repository.create(model);
      this.reset(model);
      return id;
    }
    try {
      await this.repository.update(this.id, model, this.etag);
    } catch (error) {
      const problem = Problem.of(error);
      if (problem.code !== 'stale_version') throw error;
      return this.resolveConflict(this.id, problem);
    }
    await this.read(this.id);
    return this.id;
  }

  /** Undefined also at a stale version: the write that follows reports it. */
  private async effects(model: M): Promise<Effects | undefined> {
    try {
      return await this.repository.effects?.(this.id, model, this.etag);
    } catch (error) {
      if (Problem.of(error).code === 'stale_version') return undefined;
      throw error;
    }
  }

  private async resolveConflict(id: string, problem: Problem): Promise<string | undefined> {
    const choice = await this.questions.resolveConflict(problem);
    if (choice === 'theirs') {
      await this.read(id);
    } else if (choice === 'mine') {
      this.etag = (await this.repository.load(id)).etag;
      return this.write();
    }
    return undefined;
  }

  /** The server's messages at their fields; what belongs to no field of the form becomes the error of the page. */
  private fieldErrors(problem: Problem, fields: FieldTree<M>): FieldErrors {
    const errors: FieldErrors = [];
    const others: string[] = [];
    for (const [path, messages] of problem.fields) {
      const fieldTree = fieldAt(fields, this.repository.fieldPath?.(path) ?? path.split('.'));
      for (const message of messages) {
        if (fieldTree) errors.push({ kind: 'server', message, fieldTree });
        else others.push(`${path}: ${message}`);
      }
    }
    if (errors.length === 0 || others.length > 0) {
      const detail = others.length ? `${problem.detail} ${others.join(' ')}` : problem.detail;
      this.error.set(new Problem(problem.status, problem.code, detail, { ...problem.body, errors: undefined }));
    }
    return errors;
  }

  private async read(id: string): Promise<void> {
    const { body, etag } = await this.repository.load(id);
    this.etag = etag;
    this.reset(body);
  }

  private reset(model: M): void {
    this.saved.set(model);
    this.model.set(model);
  }
}

/** Undefined when the form has no field at this path. */
function fieldAt(fields: unknown, path: readonly string[]): FieldTree<unknown> | undefined {
  if (path.length === 0) return undefined;
  let field = fields;
  for (const name of path) field = (field as Record<string, unknown> | undefined)?.[name];
  return field as FieldTree<unknown> | undefined;
}
