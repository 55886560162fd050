import { DestroyRef, inject, signal } from '@angular/core';

/** Runs `work` now and every `seconds` while the tab is visible; at once when it becomes visible again. */
export function poll(seconds: number, work: () => Promise<void>): { readonly busy: () => boolean; now(): void } {
  const busy = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let destroyed = false;

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    if (destroyed || busy()) return;
    busy.set(true);
    await work().finally(() => busy.set(false));
    if (!destroyed && !document.hidden) timer = setTimeout(() => void run(), seconds * 1000);
  };
  const runWhenVisible = (): void => {
    if (!document.hidden) void run();
  };

  document.addEventListener('visibilitychange', runWhenVisible);
  inject(DestroyRef).onDestroy(() => {
    destroyed = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', runWhenVisible);
  });
  void run();
  return { busy: busy.asReadonly(), now: () => void run() };
}
