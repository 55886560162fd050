import { Injectable, computed, inject, signal } from '@angular/core';
import type { FieldTree, ValidationError } from '@angular/forms/signals';
import { submit } from '@angular/forms/signals';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import type { Schemas, Tagged } from './api';
import { Confirm } from '../ui/confirm';
import { Problem } from './problem';

export type Effects = Schemas['Effects'];
export type FieldErrors = ValidationError.WithOptionalFieldTree[];

/** How one kind of thing is read and written. */
export interface Store<M> {
  load(id: string): Promise<Tagged<M>>;
  create(model: M): Promise<string>;
  update(id: string, model: M, tag: string): Promise<unknown>;
  /** What a write would do to callbacks that are booked; only for what a schedule follows from. */
  effects?(id: string | undefined, model: M, tag: string): Promise<Effects | undefined>;
  /** Where in the form the field of a path of the sent body is, when that is not the path itself. */
  fieldPath?(path: string): readonly string[];
}

/**
 * One thing being edited: what was read, what it is now, and whether the two differ. Saving puts the server's words at
 * the fields they are about, and asks what to do when somebody else was faster (412).
 */
export class Editor<M> {
  readonly model;
  readonly error = signal<Problem | undefined>(undefined);
  readonly loading = signal(true);
  readonly saving = signal(false);
  readonly unsaved;
  private readonly saved;
  private id: string | undefined;
  private tag = '';

  constructor(
    private readonly store: Store<M>,
    private readonly conflicts: Conflicts,
    empty: M,
  ) {
    this.model = signal(empty);
    this.saved = signal(empty);
    this.unsaved = computed(() => JSON.stringify(this.model()) !== JSON.stringify(this.saved()));
  }

  /** Start with the thing of this id, or, without one, with a new one made from `start`. */
  async open(id: string | undefined, start?: M): Promise<void> {
    this.id = id;
    this.error.set(undefined);
    this.loading.set(true);
    try {
      if (id) await this.read(id);
      else if (start) this.reset(start);
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

  /** Save; resolves to the id, or to nothing when it was not saved: then the reason stands on the page. */
  async save(fields: FieldTree<M>): Promise<string | undefined> {
    let done: string | undefined;
    await submit(fields, {
      action: async () => {
        this.error.set(undefined);
        this.saving.set(true);
        try {
          done = await this.write();
          return undefined;
        } catch (error) {
          return this.explain(Problem.of(error), fields);
        } finally {
          this.saving.set(false);
        }
      },
      onInvalid: (form) => form().errorSummary()[0]?.fieldTree().focusBoundControl(),
    });
    return done;
  }

  private async write(): Promise<string | undefined> {
    const model = this.model();
    const effects = await this.effects(model);
    if (effects && !(await this.conflicts.accept(effects))) return undefined;
    if (!this.id) {
      const id = await this.store.create(model);
      this.reset(model);
      return id;
    }
    try {
      await this.store.update(this.id, model, this.tag);
    } catch (error) {
      const problem = Problem.of(error);
      if (problem.code !== 'stale_version') throw error;
      return this.settle(this.id, problem);
    }
    await this.read(this.id);
    return this.id;
  }

  /** Told beforehand; a conflict is left to the write that follows. */
  private async effects(model: M): Promise<Effects | undefined> {
    try {
      return await this.store.effects?.(this.id, model, this.tag);
    } catch (error) {
      if (Problem.of(error).code === 'stale_version') return undefined;
      throw error;
    }
  }

  /** Somebody else saved first: take theirs, or put ours over it. */
  private async settle(id: string, problem: Problem): Promise<string | undefined> {
    const choice = await this.conflicts.ask(problem);
    if (choice === 'theirs') {
      await this.read(id);
    } else if (choice === 'mine') {
      this.tag = (await this.store.load(id)).tag;
      return this.write();
    }
    return undefined;
  }

  private explain(problem: Problem, fields: FieldTree<M>): FieldErrors {
    const found: FieldErrors = [];
    const rest: string[] = [];
    for (const [path, messages] of problem.fields) {
      const field = at(fields, this.store.fieldPath?.(path) ?? path.split('.'));
      for (const message of messages) {
        if (field) found.push({ kind: 'server', message, fieldTree: field });
        else rest.push(`${path}: ${message}`);
      }
    }
    if (found.length === 0 || rest.length > 0) {
      const detail = rest.length ? `${problem.detail} ${rest.join(' ')}` : problem.detail;
      this.error.set(new Problem(problem.status, problem.code, detail, problem.body));
    }
    return found;
  }

  private async read(id: string): Promise<void> {
    const { body, tag } = await this.store.load(id);
    this.tag = tag;
    this.reset(body);
  }

  private reset(model: M): void {
    this.saved.set(model);
    this.model.set(model);
  }
}

/** The field at a path of the form; nothing when there is none. */
function at(fields: unknown, path: readonly string[]): FieldTree<unknown> | undefined {
  if (path.length === 0) return undefined;
  let here = fields;
  for (const name of path) here = (here as Record<string, unknown> | undefined)?.[name];
  return here as FieldTree<unknown> | undefined;
}

/** Asks before a change that somebody should think about: it meets another's change, or booked callbacks. */
@Injectable({ providedIn: 'root' })
export class Conflicts {
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);

  async ask(problem: Problem): Promise<'mine' | 'theirs' | undefined> {
    const { ConflictDialog } = await import('../ui/conflict');
    const opened = this.dialog.open<unknown, Problem, 'mine' | 'theirs'>(ConflictDialog, {
      data: problem,
      role: 'alertdialog',
      maxWidth: 520,
    });
    return firstValueFrom(opened.afterClosed());
  }

  /** True when the change harms no booked callback and closes no slot, or is wanted all the same. */
  async accept(effects: Effects): Promise<boolean> {
    if (!effects.outside && !effects.overcommitted && !effects.closedSlots) return true;
    const { describe } = await import('../ui/effects');
    return this.confirm.ask(describe(effects));
  }
}
