/** Paths of messages that are about all that was sent. */
const WHOLE = new Set(['body', '_schema']);

/** An error response of the admin API (RFC 9457), or a request without any response. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }

  /** The messages of each field, by its path in the body that was sent. */
  get fields(): ReadonlyMap<string, readonly string[]> {
    const errors = this.body['errors'];
    return new Map(errors && typeof errors === 'object' ? flatten(errors as Record<string, unknown>) : []);
  }

  /** What the server says in all: the detail, and the reasons that stand with single fields. */
  get explanation(): string {
    const reasons = [...this.fields].map(([path, messages]) =>
      WHOLE.has(path) ? messages.join(' ') : `${path}: ${messages.join(' ')}`,
    );
    return [this.detail, ...reasons].join(' ');
  }

  get requestId(): string | undefined {
    return typeof this.body['requestId'] === 'string' ? this.body['requestId'] : undefined;
  }

  text(name: string): string | undefined {
    const value = this.body[name];
    return typeof value === 'string' ? value : undefined;
  }

  static unreachable(): Problem {
    return new Problem(0, 'unreachable', 'The server does not answer. Check the connection, then try again.');
  }

  static from(status: number, body: unknown): Problem {
    const fields = body && typeof body === 'object' ? (body as Record<string, unknown>) : {};
    const code = typeof fields['code'] === 'string' ? fields['code'] : 'unknown';
    const detail = typeof fields['detail'] === 'string' ? fields['detail'] : `The server answered with ${status}.`;
    return new Problem(status, code, detail, fields);
  }

  static of(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem(-1, 'defect', 'Something went wrong in this page.');
  }
}

/** `{"a": {"0": ["x"]}}` and `{"a.0": ["x"]}` alike become `["a.0", ["x"]]`. */
function* flatten(errors: Record<string, unknown>, prefix = ''): Generator<[string, string[]]> {
  for (const [name, value] of Object.entries(errors)) {
    const path = prefix ? `${prefix}.${name}` : name;
    if (Array.isArray(value)) yield [path, value.map(String)];
    else if (typeof value === 'string') yield [path, [value]];
    else if (value && typeof value === 'object') yield* flatten(value as Record<string, unknown>, path);
  }
}
