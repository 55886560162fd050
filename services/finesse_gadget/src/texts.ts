// The gadget's sentences, from the message bundle that Finesse chose for the desktop's language (messages/*.xml).

export type GetMessage = (name: string) => string;

export class Texts {
  readonly #message: GetMessage;

  constructor(message: GetMessage) {
    this.#message = message;
  }

  /** The message with its `{placeholders}` filled in. A bundle without it shows its name. */
  of(name: string, values: Readonly<Record<string, string | number>> = {}): string {
    const message = this.#message(name) || name;
    return message.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
  }

  /** The sentence for a code of the API; for an unknown one, the API's own detail. */
  ofProblem(problem: { code: string; detail: string; retryAfter?: number | undefined }): string {
    const known = this.#message(`error_${problem.code}`) !== '';
    const name = known
      ? `error_${problem.code}`
      : PHONE_CODES.has(problem.code)
        ? `phone_${problem.code}`
        : 'error_other';
    return this.of(name, { detail: problem.detail, seconds: problem.retryAfter ?? 1 });
  }
}

export const PHONE_CODES: ReadonlySet<string> = new Set(['invalid_phone', 'phone_not_allowed', 'do_not_call']);
