import { Component, ElementRef, computed, inject, input, model, signal } from '@angular/core';
import {
  type Capacities,
  type Selection,
  add,
  clock,
  copy,
  fill,
  moveFocus,
  paste,
  range,
  appendDigit,
} from './capacities';

const ROWS = 12;

/**
 * The 48 half hours of a day as cells that are edited like a spreadsheet: arrows move, Shift or dragging selects a
 * range, digits fill it, and copy and paste exchange it with a column of a spreadsheet.
 */
@Component({
  selector: 'cm-capacity-grid',
  templateUrl: './capacity-grid.html',
  styleUrl: './capacity-grid.scss',
  host: { '(document:pointerup)': 'dragging.set(false)' },
})
export class CapacityGrid {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private typed = '';
  readonly capacities = model.required<Capacities>();
  readonly selection = model<Selection>({ anchor: 18, focus: 18 });
  readonly readonly = input(false);
  protected readonly dragging = signal(false);
  protected readonly columns = [0, 1, 2, 3].map((column) => ({
    name: ['Night', 'Morning', 'Afternoon', 'Evening'][column],
    cells: Array.from({ length: ROWS }, (_, row) => column * ROWS + row),
  }));
  protected readonly selectedRange = computed(() => range(this.selection()));
  private readonly largest = computed(() => Math.max(1, ...this.capacities()));
  protected readonly clock = clock;

  /** The width of a cell's bar, in percent of the largest capacity of the day. */
  protected share(at: number): number {
    return Math.round(((this.capacities()[at] ?? 0) / this.largest()) * 100);
  }

  protected isSelected(at: number): boolean {
    return at >= this.selectedRange().first && at <= this.selectedRange().last;
  }

  protected startSelection(event: PointerEvent, at: number): void {
    if (event.button !== 0) return;
    this.select(at, event.shiftKey);
    // Dragging with a finger scrolls the page, so only the mouse selects a range.
    this.dragging.set(event.pointerType === 'mouse');
  }

  protected extendSelection(at: number): void {
    if (this.dragging()) this.select(at, true);
  }

  protected onKey(event: KeyboardEvent): void {
    const { focus } = this.selection();
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      this.selection.set({ anchor: 0, focus: 47 });
    } else if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (moveFocus(focus, event.key, ROWS) !== undefined) {
      this.select(moveFocus(focus, event.key, ROWS) ?? focus, event.shiftKey);
    } else if (event.key === 'Enter') {
      this.select(moveFocus(focus, event.shiftKey ? 'ArrowUp' : 'ArrowDown', ROWS) ?? focus, false);
    } else if (this.readonly() || !this.edit(event.key)) {
      return;
    }
    event.preventDefault();
  }

  protected copyToClipboard(event: ClipboardEvent): void {
    event.clipboardData?.setData('text/plain', copy(this.capacities(), this.selection()));
    event.preventDefault();
  }

  protected pasteFromClipboard(event: ClipboardEvent): void {
    if (this.readonly()) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    this.capacities.update((capacities) => paste(capacities, this.selection(), text));
    event.preventDefault();
  }

  /** True when the key edits the selection. */
  private edit(key: string): boolean {
    if (/^\d$/.test(key)) {
      this.typed = appendDigit(this.typed, key);
      this.capacities.update((capacities) => fill(capacities, this.selection(), Number(this.typed)));
    } else if (key === 'Delete' || key === 'Backspace') {
      this.typed = '';
      this.capacities.update((capacities) => fill(capacities, this.selection(), 0));
    } else if (key === '+' || key === '-') {
      this.typed = '';
      this.capacities.update((capacities) => add(capacities, this.selection(), key === '+' ? 1 : -1));
    } else {
      return false;
    }
    return true;
  }

  private select(at: number, extend: boolean): void {
    this.typed = '';
    this.selection.update(({ anchor }) => ({ anchor: extend ? anchor : at, focus: at }));
    this.host.nativeElement.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus();
  }
}
