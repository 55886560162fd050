// What the API knows of a number and a skill: free times, the number's problem, its open callback.
import { type Api, type Availability, type Callback, Problem } from './api.ts';
import { PHONE_CODES } from './texts.ts';

export interface Found {
  readonly times: Availability | undefined;
  /** Why the number cannot be called, as a code of the API. */
  readonly phoneProblem: Problem | undefined;
  readonly open: Callback | undefined;
}

/** `answered` is a callback that is not meant by "open": the one on the line. Throws Problem. */
export async function lookUp(api: Api, skill: string, phone: string, answered: string): Promise<Found> {
  const [free, booked] = await Promise.all([freeTimes(api, skill, phone), openCallback(api, phone, answered)]);
  return { ...booked, ...free, phoneProblem: free.phoneProblem ?? booked.phoneProblem };
}

async function freeTimes(api: Api, skill: string, phone: string): Promise<Omit<Found, 'open'>> {
  if (!skill) return { times: undefined, phoneProblem: undefined };
  try {
    return { times: await api.availability(skill, phone), phoneProblem: undefined };
  } catch (error) {
    if (!(error instanceof Problem) || !PHONE_CODES.has(error.code)) throw error;
    return { times: await api.availability(skill, ''), phoneProblem: error };
  }
}

async function openCallback(api: Api, phone: string, answered: string): Promise<Omit<Found, 'times'>> {
  if (!phone) return { open: undefined, phoneProblem: undefined };
  try {
    const found = await api.openCallbacks(phone);
    return { open: found.find(({ accountNumber }) => accountNumber !== answered), phoneProblem: undefined };
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error;
    return { open: undefined, phoneProblem: PHONE_CODES.has(error.code) ? error : undefined };
  }
}
