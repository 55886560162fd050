import { DestroyRef, inject, signal } from '@angular/core';

/** Runs `work` now and every `seconds` while the tab is visible; at once when it becomes visible again. */
export function poll(seconds: number, work: () => Promise<void>): { readonly busy: () => boolean; now(): void } {
  const busy = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const turn = async (): Promise<void> => {
    clearTimeout(timer);
    if (over || busy()) return;
    busy.set(true);
    await work().finally(() => busy.set(false));
    if (!over && !document.hidden) timer = setTimeout(() => void turn(), seconds * 1000);
  };
  const seen = (): void => {
    if (!document.hidden) void turn();
  };

  document.addEventListener('visibilitychange', seen);
  inject(DestroyRef).onDestroy(() => {
    over = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  });
  void turn();
  return { busy: busy.asReadonly(), now: () => void turn() };
}
