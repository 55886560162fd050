import { Injectable, inject } from '@angular/core';
import { Api, type Schemas, unwrap } from '../core/api';
import { Confirm, type Question } from './confirm';
import { Snackbar } from './snackbar';

/** What an erasure would do, as a question to the person who asked for it. */
export function question(phone: string, preview: Schemas['ErasurePreview']): Question {
  const { callbacks, scheduled, atDialer, doNotCall } = preview;
  const details = [
    `${callbacks} ${callbacks === 1 ? 'callback has' : 'callbacks have'} this number: number, names, call data and notes are removed.`,
  ];
  if (scheduled) details.push(`${scheduled} of them scheduled: cancelled first, the customer is not called.`);
  if (atDialer)
    details.push(`${atDialer} of them at UCCE: erased as soon as the result is known, and not tried again.`);
  if (doNotCall) details.push('On the do-not-call list: still never called; only a hash of the number is kept.');
  return {
    heading: `Erase everything about ${phone}?`,
    text: 'Counts and reports stay the same. This cannot be undone.',
    details,
    confirmLabel: 'Erase',
    dangerous: true,
  };
}

/** What came of it, in a sentence. */
export function outcome(erasure: Schemas['Erasure']): string {
  if (!erasure.left) return 'Erased.';
  const what = erasure.left === 1 ? '1 callback is' : `${erasure.left} callbacks are`;
  return `${what} at UCCE and will be erased when closed; the rest is erased.`;
}

/** Erases a person by number, after a preview and a confirmation. */
@Injectable({ providedIn: 'root' })
export class ErasePerson {
  private readonly http = inject(Api).http;
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);

  /** True when it was done or has begun. Throws what the server refuses. */
  async ask(phone: string): Promise<boolean> {
    const body = { phone };
    const preview = await unwrap(this.http.POST('/admin/api/v1/erasures/preview', { body }));
    if (!(await this.confirm.ask(question(phone, preview)))) return false;
    this.snackbar.done(outcome(await unwrap(this.http.POST('/admin/api/v1/erasures', { body }))));
    return true;
  }
}
