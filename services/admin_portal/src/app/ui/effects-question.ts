import type { Effects } from '../core/editor';
import { wallClock } from '../core/date-time';
import type { Question } from './confirm';

const MAX_SLOTS_SHOWN = 8;

/** Asks whether to save a change that booked callbacks do not fit, or that moves slots out of a campaign's window. */
export function effectsQuestion(effects: Effects): Question {
  const details = effects.slots.map(
    ({ skill, start, booked, capacity }) => `${skill}, ${wallClock(start)}: ${booked} booked, ${capacity} places`,
  );
  const more = details.length - MAX_SLOTS_SHOWN;
  return {
    heading: details.length > 0 ? 'Booked callbacks do not fit' : 'Slots outside the campaign’s window',
    text: effects.summary,
    details: more > 0 ? [...details.slice(0, MAX_SLOTS_SHOWN), `and ${more} more slots`] : details,
    confirmLabel: 'Save all the same',
    cancelLabel: 'Go back',
  };
}
