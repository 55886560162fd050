import { Component, computed, effect, inject, input, resource, untracked } from '@angular/core';
import { form, hidden, maxLength, minLength, pattern, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import { mdiDeleteOutline } from '@mdi/js';
import { firstValueFrom } from 'rxjs';
import { ROLES, ROLE_HELP } from '../../core/roles';
import { localMoment } from '../../core/zone';
import { ChoiceField } from '../../ui/choice-field';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Removal } from '../../ui/removal';
import { SaveBar } from '../../ui/save-bar';
import { TextField } from '../../ui/text-field';
import { type Editing, warnOnClose } from '../../ui/unsaved';
import { SetPasswordDialog } from './set-password';
import { NEW_USER, UserStore } from './user-store';

@Component({
  selector: 'cm-user-page',
  imports: [ChoiceField, Failure, Icon, MatButton, MatProgressBar, Page, SaveBar, TextField],
  templateUrl: './user-page.html',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class UserPage implements Editing {
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  private readonly store = inject(UserStore);
  readonly id = input<string>();
  protected readonly editor = this.store.editor();
  protected readonly f = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give a user name.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
    pattern(path.name, /^\S*$/, { message: 'Without spaces.' });
    required(path.displayName, { message: 'Give the person’s name.' });
    maxLength(path.displayName, 128, { message: 'At most 128 characters.' });
    hidden(path.password, { when: () => this.id() !== undefined });
    required(path.password, { message: 'Give a first password.' });
    minLength(path.password, 12, { message: 'At least 12 characters.' });
  });
  protected readonly facts = resource({ params: () => this.id(), loader: ({ params }) => this.store.facts(params) });
  protected readonly roles = ROLES.map((role) => ({ value: role, label: role }));
  protected readonly roleHelp = computed(() => ROLE_HELP[this.editor.model().role as (typeof ROLES)[number]]);
  protected readonly states = [
    { value: 'yes', label: 'active' },
    { value: 'no', label: 'disabled' },
  ];
  protected readonly icon = mdiDeleteOutline;
  protected readonly back = { link: '/users', label: 'Users' };
  protected readonly moment = localMoment;

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.editor.open(id, NEW_USER));
    });
  }

  unsaved(): boolean {
    return this.editor.unsaved();
  }

  protected warn(event: BeforeUnloadEvent): void {
    warnOnClose(event, this);
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const id = await this.editor.save(this.f);
    if (!id) return;
    this.notice.done('Saved.');
    this.facts.reload();
    if (!this.id()) await this.router.navigate(['/users', id], { replaceUrl: true });
  }

  protected async unlock(): Promise<void> {
    try {
      await this.store.unlock(this.id() ?? '');
      this.notice.done('Unlocked.');
      await this.reopen();
    } catch (error) {
      this.notice.failed(error);
    }
  }

  protected async setPassword(): Promise<void> {
    const opened = this.dialog.open<SetPasswordDialog, string, boolean>(SetPasswordDialog, {
      data: this.id() ?? '',
      width: '440px',
    });
    if (await firstValueFrom(opened.afterClosed())) await this.reopen();
  }

  protected async remove(): Promise<void> {
    const gone = await this.removal.ask(`the user “${this.editor.model().name}”`, () =>
      this.store.remove(this.id() ?? ''),
    );
    if (!gone) return;
    this.editor.revert();
    await this.router.navigateByUrl('/users');
  }

  private async reopen(): Promise<void> {
    this.facts.reload();
    await this.editor.open(this.id());
  }
}
