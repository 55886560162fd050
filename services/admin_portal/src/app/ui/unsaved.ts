import { inject } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { Confirm } from './confirm';

/** A page that may hold work nobody has saved. */
export interface Editing {
  unsaved(): boolean;
}

/** Asks before a navigation would throw unsaved work away. The tab itself is guarded by `WarnOnClose`. */
export const guardUnsaved: CanDeactivateFn<Editing> = (page) =>
  !page.unsaved() ||
  inject(Confirm).ask({
    heading: 'Leave without saving?',
    text: 'Your changes on this page are not saved yet.',
    yes: 'Leave',
    no: 'Stay',
    dangerous: true,
  });

/** The same question, asked by the browser, when the tab is closed or reloaded. */
export function warnOnClose(event: BeforeUnloadEvent, page: Editing): void {
  if (page.unsaved()) event.preventDefault();
}
