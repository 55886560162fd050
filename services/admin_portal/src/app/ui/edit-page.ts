import { Directive, effect, inject, input, untracked } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import { mdiDeleteOutline } from '@mdi/js';
import { Editor, type Repository } from '../core/editor';
import { Session } from '../core/session';
import { ChoiceField } from './choice-field';
import { ConfirmDelete } from './confirm-delete';
import { ErrorBanner } from './error-banner';
import { Icon } from './icon';
import { type BackLink, Page } from './page';
import { SaveBar } from './save-bar';
import { SaveDialogs } from './save-dialogs';
import { Snackbar } from './snackbar';
import { TextField } from './text-field';
import { type HasUnsavedChanges, warnOnClose } from './unsaved-changes';

/** What the template of every edit page uses. */
export const EDIT_PAGE = [ChoiceField, ErrorBanner, Icon, MatButton, MatProgressBar, Page, SaveBar, TextField] as const;

/** Whether a user or an API client may sign in; a select has texts as values. */
export const ENABLED_CHOICES = [
  { value: 'yes', label: 'active' },
  { value: 'no', label: 'disabled' },
];

/** The page of one resource: opens it by the id of the address, saves and deletes it, and guards unsaved changes. */
@Directive({ host: { '(window:beforeunload)': 'warn($event)' } })
export abstract class EditPage<M> implements HasUnsavedChanges {
  private readonly router = inject(Router);
  private readonly confirmDelete = inject(ConfirmDelete);
  private readonly saveDialogs = inject(SaveDialogs);
  protected readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  /** From the address; undefined on the page of a new one. */
  readonly id = input<string>();
  protected abstract readonly repository: Repository<M>;
  protected abstract readonly editor: Editor<M>;
  protected abstract readonly form: FieldTree<M>;
  /** The list of the resource; the address of one is the list's with its id. */
  protected abstract readonly list: BackLink;
  protected readonly savedMessage: string = 'Saved.';
  protected readonly deleteIcon = mdiDeleteOutline;

  constructor() {
    effect(() => {
      const id = this.id();
      const prefill = this.prefill();
      untracked(() => void this.open(id, prefill));
    });
  }

  unsaved(): boolean {
    return this.editor.unsaved();
  }

  /** How the question before deleting names it: `the skill “Billing”`. */
  protected abstract title(): string;

  protected edit(repository: Repository<M>): Editor<M> {
    return new Editor(repository, this.saveDialogs);
  }

  /** The query parameter that a new one is prefilled from. When it changes, the editor opens anew. */
  protected prefill(): string | undefined {
    return undefined;
  }

  /** The pages that can be prefilled override it. */
  protected async open(id: string | undefined, _prefill?: string): Promise<void> {
    await this.editor.open(id);
  }

  /** Called after a save, before the user is told. */
  protected afterSave(): Promise<void> | void {}

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const id = await this.editor.save(this.form);
    if (!id) return;
    await this.afterSave();
    this.snackbar.done(this.savedMessage);
    if (!this.id()) await this.router.navigate([this.list.link, id], { replaceUrl: true });
  }

  protected async remove(): Promise<void> {
    const id = this.id();
    if (!id) return;
    if (!(await this.confirmDelete.ask(this.title(), () => this.repository.remove(id)))) return;
    this.editor.revert(); // else the guard asks about changes of what is gone
    await this.router.navigateByUrl(this.list.link);
  }

  protected warn(event: BeforeUnloadEvent): void {
    warnOnClose(event, this);
  }
}
