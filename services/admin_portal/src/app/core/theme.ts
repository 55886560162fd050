import { Injectable, effect, signal } from '@angular/core';

export type ThemeChoice = 'system' | 'light' | 'dark';
const STORAGE_KEY = 'cm-theme';

/** Light or dark: the system's setting, unless a choice is stored in this browser. */
@Injectable({ providedIn: 'root' })
export class Theme {
  readonly choice = signal<ThemeChoice>(storedChoice());

  constructor() {
    effect(() => {
      const choice = this.choice();
      if (choice === 'system') {
        delete document.documentElement.dataset['theme'];
        localStorage.removeItem(STORAGE_KEY);
      } else {
        document.documentElement.dataset['theme'] = choice;
        localStorage.setItem(STORAGE_KEY, choice);
      }
    });
  }
}

function storedChoice(): ThemeChoice {
  const value = localStorage.getItem(STORAGE_KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}
