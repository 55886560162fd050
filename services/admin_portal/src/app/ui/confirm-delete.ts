import { Injectable, inject } from '@angular/core';
import { Problem } from '../core/problem';
import { Confirm } from './confirm';
import { Snackbar } from './snackbar';

/** Deletes after a confirmation. The server refuses to delete what is in use; its message names what uses it. */
@Injectable({ providedIn: 'root' })
export class ConfirmDelete {
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);

  /** True when it was deleted. `remove` resolves to false when the user decided against it. */
  async ask(what: string, remove: () => Promise<unknown>): Promise<boolean> {
    const confirmed = await this.confirm.ask({
      heading: `Delete ${what}?`,
      text: 'This cannot be undone.',
      confirmLabel: 'Delete',
      dangerous: true,
    });
    if (!confirmed) return false;
    try {
      if ((await remove()) === false) return false;
      this.snackbar.done('Deleted.');
      return true;
    } catch (error) {
      this.snackbar.failed(Problem.of(error));
      return false;
    }
  }
}
