import type { Effects } from '../core/editor';
import { wallClock } from '../core/zone';
import type { Question } from './confirm';

const SHOWN = 8;

/** The question before a change that booked callbacks do not fit any more, or that a campaign's window cuts short. */
export function describe(effects: Effects): Question {
  const details = effects.slots.map(
    ({ skill, start, booked, capacity }) => `${skill}, ${wallClock(start)}: ${booked} booked, ${capacity} places`,
  );
  const more = details.length - SHOWN;
  return {
    heading: details.length > 0 ? 'Booked callbacks do not fit' : 'Slots outside the campaign’s window',
    text: effects.summary,
    details: more > 0 ? [...details.slice(0, SHOWN), `and ${more} more slots`] : details,
    yes: 'Save all the same',
    no: 'Go back',
  };
}
