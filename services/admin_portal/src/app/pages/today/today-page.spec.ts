import type { Schemas } from '../../core/api';
import { takesNoBookings } from './today-page';

describe('the slots of today', () => {
  it('are closed where a brake keeps the skill, or everything, from taking bookings', () => {
    const brakes = (acceptBookings: boolean): Pick<Schemas['Live'], 'brakes'> => ({
      brakes: { acceptBookings, pausedSkills: [{ id: '3', name: 'Sales' }] } as unknown as Schemas['Brakes'],
    });
    expect(takesNoBookings(brakes(true), { skillId: '3' })).toBe(true);
    expect(takesNoBookings(brakes(true), { skillId: '4' })).toBe(false);
    expect(takesNoBookings(brakes(false), { skillId: '4' })).toBe(true);
  });
});
