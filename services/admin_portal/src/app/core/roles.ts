/** The roles of users; each includes those before it (services/README.md, "Who may do what"). */
export const ROLES = ['viewer', 'operator', 'supervisor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

export function roleIncludes(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

export const ROLE_HELP: Record<Role, string> = {
  viewer: 'Sees everything but users and keys; changes nothing.',
  operator: 'Also cancels, moves and dispatches callbacks, and works the brakes.',
  supervisor: 'Also changes schedules, skills, campaigns and settings.',
  administrator: 'Also manages users and API clients, and erases people.',
};
