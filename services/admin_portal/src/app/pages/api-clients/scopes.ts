import type { Schemas } from '../../core/api';

type Scope = Schemas['ApiClientWrite']['scopes'][number];

/** What each scope is for, in the words of people. The type requires an entry for every scope of the API. */
const SCOPES: Record<Scope, { label: string; purpose: string }> = {
  ivr: { label: 'IVR', purpose: 'books and reads callbacks' },
  ops: { label: 'Operators', purpose: 'status, resign, brakes' },
};

/** The scopes that a new API client can have, as choices of a select. */
export const SCOPE_CHOICES = Object.entries(SCOPES).map(([value, { label, purpose }]) => ({
  value,
  label: `${label}: ${purpose}`,
}));

/** The scopes of an API client as one text; one that this version does not know stays as it is. */
export function scopesLabel(scopes: readonly string[]): string {
  const labels: Record<string, { label: string } | undefined> = SCOPES;
  return scopes.map((scope) => labels[scope]?.label ?? scope).join(' and ');
}
