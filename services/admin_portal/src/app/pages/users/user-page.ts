import { Component, computed, inject, resource } from '@angular/core';
import { disabled, form, hidden, maxLength, minLength, pattern, required } from '@angular/forms/signals';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { localMoment } from '../../core/date-time';
import { Lookups } from '../../core/lookups';
import { ROLES, ROLE_HELP, type Role } from '../../core/roles';
import { ChoicesField } from '../../ui/choices-field';
import { Confirm } from '../../ui/confirm';
import { EDIT_PAGE, ENABLED_CHOICES, EditPage } from '../../ui/edit-page';
import { SetPasswordDialog } from './set-password-dialog';
import { type User, type UserModel, UserRepository } from './user-repository';

const DIRECTORIES: Readonly<Record<User['source'], string | undefined>> = {
  local: undefined,
  ldap: 'Company directory (LDAP)',
  oidc: 'Single sign-on (OpenID Connect)',
};

const DECIDED: Readonly<Record<string, string | undefined>> = {
  name: 'name',
  role: 'role',
  skillIds: 'skills',
  seesPhones: 'phone numbers',
  mayExport: 'files',
};

@Component({
  selector: 'cm-user-page',
  imports: [EDIT_PAGE, ChoicesField],
  templateUrl: './user-page.html',
})
export class UserPage extends EditPage<UserModel> {
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  protected override readonly repository = inject(UserRepository);
  protected override readonly editor = this.edit(this.repository);
  protected override readonly form = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give a user name.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
    pattern(path.name, /^\S*$/, { message: 'Without spaces.' });
    required(path.displayName, { message: 'Give the person’s name.' });
    maxLength(path.displayName, 128, { message: 'At most 128 characters.' });
    const decidable = {
      name: path.name,
      displayName: path.displayName,
      role: path.role,
      skillIds: path.skills,
      seesPhones: path.phones,
      mayExport: path.exports,
    };
    for (const [field, of] of Object.entries(decidable)) disabled(of, { when: () => this.isDecided(field) });
    disabled(path.skillIds, { when: () => this.isDecided('skillIds') });
    hidden(path.skills, { when: ({ valueOf }) => valueOf(path.role) === 'administrator' });
    hidden(path.skillIds, {
      when: ({ valueOf }) => valueOf(path.role) === 'administrator' || valueOf(path.skills) === 'all',
    });
    hidden(path.password, { when: () => this.id() !== undefined });
    required(path.password, { message: 'Give a first password.' });
    minLength(path.password, 12, { message: 'At least 12 characters.' });
  });
  protected readonly stored = resource({
    params: () => this.id(),
    loader: ({ params }) => this.repository.read(params),
  });
  /** What lets the user in, if it is not a password of the portal. */
  protected readonly directory = computed(
    () => DIRECTORIES[this.stored.hasValue() ? this.stored.value().source : 'local'],
  );
  /** What the directory decides, in words. */
  protected readonly decided = computed(() => {
    const fields = this.stored.hasValue() ? this.stored.value().decidedByDirectory : [];
    const words = fields.map((field) => DECIDED[field]).filter((word) => word !== undefined);
    return new Intl.ListFormat('en').format(words);
  });
  protected readonly roles = ROLES.map((role) => ({ value: role, label: role }));
  protected readonly roleHelp = computed(() => ROLE_HELP[this.editor.model().role as Role]);
  protected readonly states = ENABLED_CHOICES;
  protected readonly skillScopes = [
    { value: 'all', label: 'all skills' },
    { value: 'some', label: 'only these skills' },
  ];
  protected readonly phoneViews = [
    { value: 'whole', label: 'whole numbers' },
    { value: 'masked', label: 'the last two digits' },
  ];
  protected readonly exportRights = [
    { value: 'yes', label: 'may download lists and reports' },
    { value: 'no', label: 'downloads nothing' },
  ];
  protected readonly skills = inject(Lookups).skills();
  protected override readonly list = { link: '/users', label: 'Users' };
  protected readonly moment = localMoment;

  protected override title(): string {
    return `the user “${this.editor.model().name}”`;
  }

  protected override afterSave(): void {
    this.stored.reload();
  }

  protected async unlock(): Promise<void> {
    try {
      await this.repository.unlock(this.id() ?? '');
      this.snackbar.done('Unlocked.');
      await this.reopen();
    } catch (error) {
      this.snackbar.failed(error);
    }
  }

  protected async resetMfa(): Promise<void> {
    const confirmed = await this.confirm.ask({
      heading: 'Take the second factor away?',
      text: 'For a person who lost their authenticator and their recovery codes: they sign in with the password alone, until they set it up again. Their sessions end.',
      confirmLabel: 'Take it away',
    });
    if (!confirmed) return;
    try {
      await this.repository.resetMfa(this.id() ?? '');
      this.snackbar.done('The second factor is gone.');
      await this.reopen();
    } catch (error) {
      this.snackbar.failed(error);
    }
  }

  protected async setPassword(): Promise<void> {
    const opened = this.dialog.open<SetPasswordDialog, string, boolean>(SetPasswordDialog, {
      data: this.id() ?? '',
      width: '440px',
    });
    if (await firstValueFrom(opened.afterClosed())) await this.reopen();
  }

  private isDecided(field: string): boolean {
    return this.stored.hasValue() && this.stored.value().decidedByDirectory.includes(field);
  }

  private async reopen(): Promise<void> {
    this.stored.reload();
    await this.editor.open(this.id());
  }
}
