import { Injectable, inject } from '@angular/core';
import { Problem } from '../core/problem';
import { Confirm } from './confirm';
import { Notice } from './notice';

/** Deletes after asking; what is in use is not deleted, and the answer says by what it is used. */
@Injectable({ providedIn: 'root' })
export class Removal {
  private readonly confirm = inject(Confirm);
  private readonly notice = inject(Notice);

  async ask(what: string, remove: () => Promise<unknown>): Promise<boolean> {
    const sure = await this.confirm.ask({
      heading: `Delete ${what}?`,
      text: 'This cannot be undone.',
      yes: 'Delete',
      dangerous: true,
    });
    if (!sure) return false;
    try {
      if ((await remove()) === false) return false;
      this.notice.done('Deleted.');
      return true;
    } catch (error) {
      this.notice.failed(Problem.of(error));
      return false;
    }
  }
}
