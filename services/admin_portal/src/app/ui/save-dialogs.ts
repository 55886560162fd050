import { Injectable, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import type { Effects, SaveQuestions } from '../core/editor';
import type { Problem } from '../core/problem';
import { Confirm } from './confirm';

/** The dialogs that may come between Save and saved. */
@Injectable({ providedIn: 'root' })
export class SaveDialogs implements SaveQuestions {
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);

  async resolveConflict(problem: Problem): Promise<'mine' | 'theirs' | undefined> {
    const { ConflictDialog } = await import('./conflict-dialog');
    const opened = this.dialog.open<unknown, Problem, 'mine' | 'theirs'>(ConflictDialog, {
      data: problem,
      role: 'alertdialog',
      maxWidth: 520,
    });
    return firstValueFrom(opened.afterClosed());
  }

  async confirmEffects(effects: Effects): Promise<boolean> {
    if (!effects.outside && !effects.overcommitted && !effects.closedSlots && !effects.uncallableSlots) return true;
    const { effectsQuestion } = await import('./effects-question');
    return this.confirm.ask(effectsQuestion(effects));
  }
}
