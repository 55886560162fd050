import type { Effects } from '../core/editor';
import { wallClock } from '../core/zone';
import type { Question } from './confirm';

const SHOWN = 8;

/** The question before a change of a schedule that booked callbacks do not fit any more. */
export function describe(effects: Effects): Question {
  const details = effects.slots.map(
    ({ skill, start, booked, capacity }) => `${skill}, ${wallClock(start)}: ${booked} booked, ${capacity} places`,
  );
  const more = details.length - SHOWN;
  return {
    heading: 'Booked callbacks do not fit',
    text: effects.summary,
    details: more > 0 ? [...details.slice(0, SHOWN), `and ${more} more slots`] : details,
    yes: 'Save all the same',
    no: 'Go back',
  };
}
