import { inject } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { Confirm } from './confirm';

/** A page that can have unsaved changes. */
export interface HasUnsavedChanges {
  unsaved(): boolean;
}

/** Asks before a navigation that would lose unsaved changes. `warnOnClose` does it for the tab. */
export const unsavedChangesGuard: CanDeactivateFn<HasUnsavedChanges> = (page) =>
  !page.unsaved() ||
  inject(Confirm).ask({
    heading: 'Leave without saving?',
    text: 'Your changes on this page are not saved yet.',
    confirmLabel: 'Leave',
    cancelLabel: 'Stay',
    dangerous: true,
  });

/** Makes the browser ask before the tab is closed or reloaded. */
export function warnOnClose(event: BeforeUnloadEvent, page: HasUnsavedChanges): void {
  if (page.unsaved()) event.preventDefault();
}
