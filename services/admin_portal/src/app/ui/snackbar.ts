import { Injectable, inject } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Problem } from '../core/problem';

/** A short message at the bottom of the screen, read out by screen readers: 4 s for a success, 12 s for an error. */
@Injectable({ providedIn: 'root' })
export class Snackbar {
  private readonly bar = inject(MatSnackBar);

  done(text: string): void {
    this.bar.open(text, undefined, { duration: 4000 });
  }

  failed(error: unknown): void {
    this.bar.open(Problem.of(error).explanation, 'Close', { duration: 12000, politeness: 'assertive' });
  }
}
