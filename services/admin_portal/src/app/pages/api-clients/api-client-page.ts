import { Component, computed, inject, resource } from '@angular/core';
import { form, max, maxLength, min, required } from '@angular/forms/signals';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { ago, localMoment } from '../../core/date-time';
import { Confirm } from '../../ui/confirm';
import { EDIT_PAGE, ENABLED_CHOICES, EditPage } from '../../ui/edit-page';
import { NumberField } from '../../ui/number-field';
import { type ApiClientModel, ApiClientRepository } from './api-client-repository';
import { KeyDialog } from './key-dialog';
import { ReplaceKeyDialog } from './replace-key-dialog';
import { SCOPE_CHOICES, scopesLabel } from './scopes';

const REFUSAL_CHOICES = [
  { value: 'status', label: 'with their HTTP status' },
  { value: 'always200', label: 'always 200, with the code in “result”' },
];

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
      } @else if (editor.opened()) {
        <form class="stack" (submit)="save($event)" novalidate>
          <section class="card fields">
            <cm-text-field label="Name" [field]="form.name" hint="Stands with each callback it books." />
            <cm-choice-field label="For" [choices]="scopes()" [field]="form.scope" />
            <cm-choice-field label="State" [choices]="states" [field]="form.enabled" />
            <cm-number-field
              label="Requests a second"
              [field]="form.ratePerSecond"
              hint="Empty: as the settings say for all of its kind."
            />
            <cm-choice-field
              label="Refusals of the calls for voice"
              [choices]="refusals"
              [field]="form.refusals"
              hint="For IVR elements that can read no other answer; a request may say otherwise."
            />
          </section>
          @if (keys.hasValue() && keys.value(); as keys) {
            <section class="card stack">
              <h2>Keys</h2>
              <p>
                The key that ends with <code>{{ keys.keyHint }}</code>:
                {{ keys.lastUsedAt ? 'last used ' + ago(keys.lastUsedAt) : 'not used yet' }}.
              </p>
              @if (keys.previousKey; as old) {
                <p>
                  The key before it, which ends with <code>{{ old.keyHint }}</code>, works until
                  {{ moment(old.endsAt) }}: {{ old.lastUsedAt ? 'last used ' + ago(old.lastUsedAt) : 'not used' }}.
                </p>
                <div class="row">
                  <button matButton type="button" class="danger" (click)="endPreviousKey()">End the old key now</button>
                </div>
              }
            </section>
          }
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
  protected readonly refusals = REFUSAL_CHOICES;
  protected readonly keys = resource({
    params: () => this.id(),
    loader: ({ params }) => this.repository.keys(params),
  });
  protected readonly ago = ago;
  protected readonly moment = localMoment;
  protected override readonly list = { link: '/api-clients', label: 'API clients' };

  protected override title(): string {
    return `the API client “${this.editor.model().name}”`;
  }

  protected override async afterSave(): Promise<void> {
    await this.showNewKey();
  }

  protected async renewKey(): Promise<void> {
    const opened = this.dialog.open<ReplaceKeyDialog, void, number>(ReplaceKeyDialog, { maxWidth: 520 });
    const hours = await firstValueFrom(opened.afterClosed());
    if (hours === undefined) return;
    try {
      await this.repository.renewKey(this.id() ?? '', hours);
      await this.showNewKey();
      await this.editor.open(this.id());
      this.keys.reload();
    } catch (error) {
      this.snackbar.failed(error);
    }
  }

  protected async endPreviousKey(): Promise<void> {
    const confirmed = await this.confirm.ask({
      heading: 'End the old key?',
      text: 'Whatever still uses it is refused at once.',
      confirmLabel: 'End it',
      dangerous: true,
    });
    if (!confirmed) return;
    try {
      await this.repository.endPreviousKey(this.id() ?? '');
    } catch (error) {
      this.snackbar.failed(error);
    }
    this.keys.reload();
  }

  private async showNewKey(): Promise<void> {
    const key = this.repository.newKey();
    if (!key) return;
    this.repository.newKey.set(undefined);
    const opened = this.dialog.open(KeyDialog, { data: key, disableClose: true, maxWidth: '560px' });
    await firstValueFrom(opened.afterClosed());
  }
}
