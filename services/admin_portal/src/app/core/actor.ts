/** `user:anna` → `anna`; `seed`, `system`, `api:ivr-1` stay what they are. */
export function actorName(who: string | null | undefined): string {
  return who ? who.replace(/^user:/, '') : 'the system';
}
