import type { Schemas } from '../../core/api';

type Kind = Schemas['Setting']['kind'];

/** A setting's value as the text of its field. */
export function formatValue(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The value that the text of a field stands for; the server validates it. */
export function parseValue(kind: Kind, text: string): unknown {
  switch (kind) {
    case 'integer':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'region':
      return text.trim().toUpperCase();
    case 'regions':
      return splitList(text.toUpperCase());
    case 'roles':
      return splitList(text.toLowerCase());
    case 'prefixes':
      return splitList(text);
    default:
      return text.trim();
  }
}

function splitList(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
