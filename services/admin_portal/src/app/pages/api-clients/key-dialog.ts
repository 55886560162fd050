import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { mdiCheck, mdiContentCopy } from '@mdi/js';
import { Icon } from '../../ui/icon';

/** Shows a new key. The server does not keep it, so it cannot be shown again. */
@Component({
  selector: 'cm-key-dialog',
  imports: [Icon, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>The new key</h2>
    <mat-dialog-content class="stack">
      <p>Copy it now into the client’s configuration: it is not kept here and cannot be shown again.</p>
      <div class="key">
        <code>{{ key }}</code>
        <button matButton="tonal" type="button" (click)="copy()">
          <cm-icon [path]="copied() ? doneIcon : copyIcon" /> {{ copied() ? 'Copied' : 'Copy' }}
        </button>
      </div>
      <span class="visually-hidden" role="status">{{ copied() ? 'The key is in the clipboard.' : '' }}</span>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="filled" mat-dialog-close>I have stored it</button>
    </mat-dialog-actions>
  `,
  styles: `
    .key {
      display: flex;
      flex-wrap: wrap;
      gap: 12px;
      align-items: center;
      padding: 12px;
      border-radius: 8px;
      background: var(--cm-grey-soft);
    }
    code {
      flex: 1;
      overflow-wrap: anywhere;
      user-select: all;
    }
  `,
})
export class KeyDialog {
  private readonly clipboard = inject(Clipboard);
  protected readonly key = inject<string>(MAT_DIALOG_DATA);
  protected readonly copied = signal(false);
  protected readonly copyIcon = mdiContentCopy;
  protected readonly doneIcon = mdiCheck;

  protected copy(): void {
    this.copied.set(this.clipboard.copy(this.key));
  }
}
