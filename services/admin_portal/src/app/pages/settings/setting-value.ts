import type { Schemas } from '../../core/api';

type Kind = Schemas['Setting']['kind'];

/** A setting's value as the text of its field. */
export function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What the text of a field means; the server checks it. */
export function parsed(kind: Kind, text: string): unknown {
  switch (kind) {
    case 'integer':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'region':
      return text.trim().toUpperCase();
    case 'regions':
      return listed(text.toUpperCase());
    case 'prefixes':
      return listed(text);
    default:
      return text.trim();
  }
}

function listed(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
