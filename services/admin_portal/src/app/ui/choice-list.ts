import type { Choice, ChoiceSource } from '../core/choices';

/** What a select shows: the choices, and the message that stands for them while there are none to show. */
export interface ChoiceList {
  readonly choices: readonly Choice[];
  readonly message: string;
  /** Reads the list again when it could not be read. */
  retry(): void;
}

/** Reads signals of the source: call it in a `computed`. */
export function choiceList(source: readonly Choice[] | ChoiceSource): ChoiceList {
  if (!('choices' in source)) return { choices: source, message: '', retry: () => undefined };
  const choices = source.choices();
  const failed = source.error() !== undefined;
  return {
    choices: choices ?? [],
    message: choices ? '' : failed ? 'The list could not be loaded' : 'Loading…',
    retry: () => failed && source.reload(),
  };
}
