import { Component, computed, inject } from '@angular/core';
import { form, max, maxLength, min, required } from '@angular/forms/signals';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { Confirm } from '../../ui/confirm';
import { EDIT_PAGE, ENABLED_CHOICES, EditPage } from '../../ui/edit-page';
import { NumberField } from '../../ui/number-field';
import { type ApiClientModel, ApiClientRepository } from './api-client-repository';
import { KeyDialog } from './key-dialog';
import { SCOPE_CHOICES, scopesLabel } from './scopes';

@Component({
  selector: 'cm-api-client-page',
  imports: [EDIT_PAGE, NumberField],
  template: `
    <cm-page [heading]="id() ? editor.model().name || 'API client' : 'New API client'" [back]="list">
      @if (id()) {
        <ng-container actions>
          <button matButton type="button" (click)="renewKey()">Make a new key</button>
          <button matButton type="button" class="danger" (click)="remove()">
            <cm-icon [path]="deleteIcon" /> Delete
          </button>
        </ng-container>
      }
      <cm-error-banner [error]="editor.error()" />
      @if (editor.loading()) {
        <mat-progress-bar mode="indeterminate" aria-label="Loading" />
      } @else {
        <form class="stack" (submit)="save($event)" novalidate>
          <section class="card fields">
            <cm-text-field label="Name" [field]="form.name" hint="Stands with each callback it books." />
            <cm-choice-field label="For" [choices]="scopes()" [field]="form.scope" />
            <cm-choice-field label="State" [choices]="states" [field]="form.enabled" />
            <cm-number-field
              label="Requests a second"
              [field]="form.ratePerSecond"
              hint="Empty: 50 for an IVR, 5 for the gadget, 20 for operators."
            />
          </section>
          <cm-save-bar [editor]="editor" [isNew]="!id()" [label]="id() ? 'Save' : 'Save and show the key'" />
        </form>
      }
    </cm-page>
  `,
})
export class ApiClientPage extends EditPage<ApiClientModel> {
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  protected override readonly repository = inject(ApiClientRepository);
  protected override readonly editor = this.edit(this.repository);
  protected override readonly form = form(this.editor.model, (path) => {
    required(path.name, { message: 'Give it a name, like “IVR Chicago”.' });
    maxLength(path.name, 64, { message: 'At most 64 characters.' });
    min(path.ratePerSecond, 1, { message: 'From 1 on.' });
    max(path.ratePerSecond, 10000, { message: 'At most 10,000.' });
  });
  /** The usual scopes, and the scopes of this client where it has others. */
  protected readonly scopes = computed(() => {
    const { scope } = this.editor.model();
    if (SCOPE_CHOICES.some(({ value }) => value === scope)) return SCOPE_CHOICES;
    return [...SCOPE_CHOICES, { value: scope, label: scopesLabel(scope.split(',')) }];
  });
  protected readonly states = ENABLED_CHOICES;
  protected override readonly list = { link: '/api-clients', label: 'API clients' };

  protected override title(): string {
    return `the API client “${this.editor.model().name}”`;
  }

  protected override async afterSave(): Promise<void> {
    await this.showNewKey();
  }

  protected async renewKey(): Promise<void> {
    const confirmed = await this.confirm.ask({
      heading: 'Make a new key?',
      text: 'The present key stops working at once: whatever uses it is refused until it has the new one.',
      confirmLabel: 'Make a new key',
      dangerous: true,
    });
    if (!confirmed) return;
    try {
      await this.repository.renewKey(this.id() ?? '');
      await this.showNewKey();
      await this.editor.open(this.id());
    } catch (error) {
      this.snackbar.failed(error);
    }
  }

  private async showNewKey(): Promise<void> {
    const key = this.repository.newKey();
    if (!key) return;
    this.repository.newKey.set(undefined);
    const opened = this.dialog.open(KeyDialog, { data: key, disableClose: true, maxWidth: '560px' });
    await firstValueFrom(opened.afterClosed());
  }
}
