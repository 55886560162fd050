import { type ResourceRef, type Signal, computed } from '@angular/core';

/** One option of a select: the value that is stored, and the text that is shown. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The options of a select that are read from the server. */
export interface ChoiceSource {
  /** Undefined until the list has arrived. */
  readonly choices: Signal<readonly Choice[] | undefined>;
  /** Why the list could not be read; undefined while it is read again. */
  readonly error: Signal<Error | undefined>;
  /** Reads the list again, for example after it could not be read. */
  reload(): void;
}

/** The options that `choices` makes of what a resource holds; none while the resource has nothing to read. */
export function choiceSource<T>(
  list: ResourceRef<T | undefined>,
  choices: (value: T) => readonly Choice[],
): ChoiceSource {
  return {
    choices: computed(() => {
      if (list.hasValue()) return choices(list.value());
      return list.status() === 'idle' ? [] : undefined;
    }),
    // A resource keeps its error while it is read again.
    error: computed(() => (list.isLoading() ? undefined : list.error())),
    reload: () => list.reload(),
  };
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

export function namedChoices(items: readonly Named[]): readonly Choice[] {
  return items.map(({ id, name }) => ({ value: id, label: name }));
}
