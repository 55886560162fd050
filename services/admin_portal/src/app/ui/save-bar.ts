import { Component, type Signal, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';

/** The part of an `Editor` that the bar needs. */
interface Saveable {
  readonly unsaved: Signal<boolean>;
  readonly saving: Signal<boolean>;
  revert(): void;
}

/** Save and discard, fixed to the bottom of the screen while there are unsaved changes. */
@Component({
  selector: 'cm-save-bar',
  imports: [MatButton],
  template: `
    <div class="bar" [class.pending]="editor().unsaved()">
      <span class="muted grow" aria-live="polite">{{ editor().unsaved() ? 'Not saved yet' : '' }}</span>
      @if (editor().unsaved() && !isNew()) {
        <button matButton type="button" (click)="revert()">Discard changes</button>
      }
      <button matButton="filled" type="submit" [disabled]="editor().saving() || (!editor().unsaved() && !isNew())">
        {{ editor().saving() ? 'Saving…' : label() }}
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
  host: { '[class.pending]': 'editor().unsaved()' },
})
export class SaveBar {
  readonly editor = input.required<Saveable>();
  readonly isNew = input(false);
  readonly label = input('Save');
  readonly reverted = output();

  protected revert(): void {
    this.editor().revert();
    this.reverted.emit();
  }
}
