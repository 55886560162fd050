import { plainText } from '../../core/plain-text';

type Values = Readonly<Record<string, unknown>> | null;

export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What differs between two states of a thing; all of it when there is only one. */
export function changes(before: Values, after: Values): readonly Change[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .map((name) => ({ name, before: plainText(before?.[name]), after: plainText(after?.[name]) }))
    .filter((change) => change.before !== change.after);
}
