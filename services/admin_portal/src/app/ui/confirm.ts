import { Component, Injectable, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

export interface Question {
  readonly heading: string;
  readonly text: string;
  readonly confirmLabel: string;
  readonly cancelLabel?: string;
  readonly dangerous?: boolean;
  readonly details?: readonly string[];
}

@Component({
  selector: 'cm-confirm',
  imports: [MatDialogModule, MatButton],
  template: `
    <h2 mat-dialog-title>{{ question.heading }}</h2>
    <mat-dialog-content>
      <p>{{ question.text }}</p>
      @if (question.details?.length) {
        <ul>
          @for (detail of question.details; track detail) {
            <li>{{ detail }}</li>
          }
        </ul>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton [mat-dialog-close]="false" cdkFocusInitial>{{ question.cancelLabel ?? 'Cancel' }}</button>
      <button matButton="filled" [class.danger]="question.dangerous" [mat-dialog-close]="true">
        {{ question.confirmLabel }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    p {
      white-space: pre-line;
    }
    ul {
      margin: 8px 0 0;
      padding-left: 20px;
    }
  `,
})
class ConfirmDialog {
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
}

/** Asks before an action that has effects outside the portal or cannot be undone. */
@Injectable({ providedIn: 'root' })
export class Confirm {
  private readonly dialog = inject(MatDialog);

  async ask(question: Question): Promise<boolean> {
    const opened = this.dialog.open<ConfirmDialog, Question, boolean>(ConfirmDialog, {
      data: question,
      role: 'alertdialog',
      maxWidth: 480,
    });
    return (await firstValueFrom(opened.afterClosed())) ?? false;
  }
}
