import { Injectable, effect, signal } from '@angular/core';

export type Look = 'system' | 'light' | 'dark';
const KEY = 'cm-look';

/** Light or dark: the system's choice until somebody makes another on this browser. */
@Injectable({ providedIn: 'root' })
export class LookStore {
  readonly look = signal<Look>(stored());

  constructor() {
    effect(() => {
      const look = this.look();
      if (look === 'system') {
        delete document.documentElement.dataset['look'];
        localStorage.removeItem(KEY);
      } else {
        document.documentElement.dataset['look'] = look;
        localStorage.setItem(KEY, look);
      }
    });
  }
}

function stored(): Look {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}
