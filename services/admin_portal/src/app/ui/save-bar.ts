import { Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';

/** Save and discard, at the bottom of the screen while there is something to save. */
@Component({
  selector: 'cm-save-bar',
  imports: [MatButton],
  template: `
    <div class="bar" [class.pending]="unsaved()">
      <span class="muted grow" aria-live="polite">{{ unsaved() ? 'Not saved yet' : '' }}</span>
      @if (unsaved() && !fresh()) {
        <button matButton type="button" (click)="revert.emit()">Discard changes</button>
      }
      <button matButton="filled" type="submit" [disabled]="saving() || (!unsaved() && !fresh())">
        {{ saving() ? 'Saving…' : label() }}
      </button>
    </div>
  `,
  styles: `
    :host {
      display: block;
    }
    :host(.pending) {
      position: sticky;
      bottom: 0;
      z-index: 5;
    }
    .bar {
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 12px 0;
    }
    .pending {
      margin: 0 -12px;
      padding: 12px;
      border-top: 1px solid var(--cm-line);
      background: var(--cm-page);
    }
    .grow {
      flex: 1;
    }
  `,
  host: { '[class.pending]': 'unsaved()' },
})
export class SaveBar {
  readonly unsaved = input.required<boolean>();
  readonly saving = input(false);
  readonly fresh = input(false);
  readonly label = input('Save');
  readonly revert = output();
}
