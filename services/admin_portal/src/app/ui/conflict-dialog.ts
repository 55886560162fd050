import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { Problem } from '../core/problem';
import { actorName } from '../core/actor';
import { ago } from '../core/date-time';

@Component({
  selector: 'cm-conflict',
  imports: [MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Somebody else saved this first</h2>
    <mat-dialog-content>
      <p>
        <b>{{ who }}</b> changed it{{ when ? ' ' + when : '' }}, after you opened it. Your changes are still on the
        page.
      </p>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton [mat-dialog-close]="undefined" cdkFocusInitial>Keep editing</button>
      <button matButton mat-dialog-close="theirs">Take theirs</button>
      <button matButton="filled" class="danger" mat-dialog-close="mine">Save mine over it</button>
    </mat-dialog-actions>
  `,
})
export class ConflictDialog {
  private readonly problem = inject<Problem>(MAT_DIALOG_DATA);
  protected readonly who = actorName(this.problem.text('changedBy') ?? 'another user');
  protected readonly when = this.problem.text('changedAt') ? ago(this.problem.text('changedAt') as string) : '';
}
