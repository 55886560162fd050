import { Component, computed, input } from '@angular/core';

const TONES: Record<string, string> = {
  scheduled: 'accent',
  importing: 'warn',
  imported: 'violet',
  completed: 'good',
  failed: 'bad',
  cancelled: 'grey',
  expired: 'bad',
  overdue: 'bad',
  pending: 'warn',
  in_sync: 'good',
  error: 'bad',
  master: 'good',
  standby: 'grey',
  yes: 'good',
  no: 'grey',
  locked: 'bad',
  queued: 'grey',
  running: 'accent',
  done: 'good',
};

/** A state as a coloured word. The colour adds nothing that the word does not say. */
@Component({
  selector: 'cm-status',
  template: '<span [class]="tone()">{{ text() }}</span>',
  styles: `
    span {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      padding: 1px 9px 1px 8px;
      border-radius: 99px;
      font-size: 12.5px;
      font-weight: 540;
      line-height: 20px;
      white-space: nowrap;
    }
    span::before {
      content: '';
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: currentColor;
    }
    .accent {
      background: var(--cm-accent-soft);
      color: var(--cm-accent);
    }
    .good {
      background: var(--cm-good-soft);
      color: var(--cm-good);
    }
    .warn {
      background: var(--cm-warn-soft);
      color: var(--cm-warn);
    }
    .bad {
      background: var(--cm-bad-soft);
      color: var(--cm-bad);
    }
    .violet {
      background: var(--cm-violet-soft);
      color: var(--cm-violet);
    }
    .grey {
      background: var(--cm-grey-soft);
      color: var(--cm-muted);
    }
  `,
})
export class Status {
  readonly value = input.required<string>();
  readonly label = input<string>();
  protected readonly tone = computed(() => TONES[this.value()] ?? 'grey');
  protected readonly text = computed(() => this.label() ?? this.value().replaceAll('_', ' '));
}
