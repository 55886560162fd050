import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import { form, max, maxLength, min, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import { mdiDeleteOutline } from '@mdi/js';
import { firstValueFrom } from 'rxjs';
import { ChoiceField } from '../../ui/choice-field';
import { Confirm } from '../../ui/confirm';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { NumberField } from '../../ui/number-field';
import { Page } from '../../ui/page';
import { Removal } from '../../ui/removal';
import { SaveBar } from '../../ui/save-bar';
import { TextField } from '../../ui/text-field';
import { type Editing, warnOnClose } from '../../ui/unsaved';
import { ApiClientStore, NEW_CLIENT } from './api-client-store';
import { KeyDialog } from './key-dialog';

const SCOPES = [
  { value: 'ivr', label: 'IVR: books and reads callbacks' },
  { value: 'gadget', label: 'Gadget: books for an agent’s caller' },
  { value: 'ops', label: 'Operators: status, resign, brakes' },
];

@Component({
  selector: 'cm-api-client-page',
  imports: [ChoiceField, Failure, Icon, MatButton, MatProgressBar, NumberField, Page, SaveBar, TextField],
  template: `
    <cm-page [heading]="id() ? editor.model().name || 'API client' : 'New API client'" [back]="back">
      @if (id()) {
        <ng-container actions>
          <button matButton type="button" (click)="renew()">Make a new key</button>
          <button matButton type="button" class="danger" (click)="remove()"><cm-icon [path]="icon" /> Delete</button>
        </ng-container>
      }
      <cm-failure [error]="editor.error()" />
      @if (editor.loading()) {
        <mat-progress-bar mode="indeterminate" aria-label="Loading" />
      } @else {
        <form class="stack" (submit)="save($event)" novalidate>
          <section class="card fields">
            <cm-text-field label="Name" [field]="f.name" hint="Stands with each callback it books." />
            <cm-choice-field label="For" [choices]="scopes()" [field]="f.scope" />
            <cm-choice-field label="State" [choices]="states" [field]="f.enabled" />
            <cm-number-field
              label="Requests a second"
              [field]="f.ratePerSecond"
              hint="Empty: 50 for an IVR, 5 for the gadget."
            />
          </section>
          <cm-save-bar
            [unsaved]="editor.unsaved()"
            [saving]="editor.saving()"
            [fresh]="!id()"
            [label]="id() ? 'Save' : 'Save and show the key'"
            (revert)="editor.revert()"
          />
        </form>
      }
    </cm-page>
  `,
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class ApiClientPage implements Editing {
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  private readonly store = inject(ApiClientStore);
  readonly id = input<string>();
  protected readonly editor = this.store.editor();
  protected readonly f = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name, like “IVR Chicago”.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
    min(path.ratePerSecond, 1, { message: 'From 1 on.' });
    max(path.ratePerSecond, 10000, { message: 'At most 10,000.' });
  });
  /** The usual ones, and whatever combination this client has. */
  protected readonly scopes = computed(() => {
    const { scope } = this.editor.model();
    return SCOPES.some(({ value }) => value === scope) ? SCOPES : [...SCOPES, { value: scope, label: scope }];
  });
  protected readonly states = [
    { value: 'yes', label: 'active' },
    { value: 'no', label: 'disabled' },
  ];
  protected readonly icon = mdiDeleteOutline;
  protected readonly back = { link: '/api-clients', label: 'API clients' };

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.editor.open(id, NEW_CLIENT));
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
    await this.showKey();
    this.notice.done('Saved.');
    if (!this.id()) await this.router.navigate(['/api-clients', id], { replaceUrl: true });
  }

  protected async renew(): Promise<void> {
    const sure = await this.confirm.ask({
      heading: 'Make a new key?',
      text: 'The present key stops working at once: whatever uses it is refused until it has the new one.',
      yes: 'Make a new key',
      dangerous: true,
    });
    if (!sure) return;
    try {
      await this.store.renewKey(this.id() ?? '');
      await this.showKey();
      await this.editor.open(this.id());
    } catch (error) {
      this.notice.failed(error);
    }
  }

  protected async remove(): Promise<void> {
    const { name } = this.editor.model();
    const gone = await this.removal.ask(`the API client “${name}”`, () => this.store.remove(this.id() ?? ''));
    if (!gone) return;
    this.editor.revert();
    await this.router.navigateByUrl('/api-clients');
  }

  private async showKey(): Promise<void> {
    const key = this.store.newKey();
    if (!key) return;
    this.store.newKey.set(undefined);
    const opened = this.dialog.open(KeyDialog, { data: key, disableClose: true, maxWidth: '560px' });
    await firstValueFrom(opened.afterClosed());
  }
}
