// What the agent has typed, of each call, and its form as a draft that outlives a change to the other Finesse node.

export interface Form {
  phone: string;
  skill: string;
  firstName: string;
  lastName: string;
  note: string;
  personal: boolean;
  slot: string;
  /** Whether a person wrote in it: then nothing is filled in over it. */
  edited: boolean;
  /** The Idempotency-Key of the next booking: a repeat books nothing twice. */
  key: string;
}

export const WITHOUT_CALL = '';
const MAX_DRAFT_LENGTH = 4000;

/** The body of a booking. What is undefined is not sent. */
export function bookingOf(form: Form, callId: string, agentId: string): Record<string, unknown> {
  const { phone, skill, slot, firstName, lastName, note, personal } = form;
  return {
    phone,
    skill,
    start: slot,
    firstName: firstName || undefined,
    lastName: lastName || undefined,
    callData: note ? { note } : undefined,
    agentId: personal ? agentId : undefined,
    callId: callId || undefined,
  };
}

export class Forms {
  readonly #forms = new Map<string, Form>();
  readonly #newKey: () => string;

  constructor(newKey: () => string) {
    this.#newKey = newKey;
  }

  of(call: string): Form {
    let form = this.#forms.get(call);
    if (!form) this.#forms.set(call, (form = this.#empty()));
    return form;
  }

  /** Changes fields by a person's hand. Another request has another key. */
  edit(call: string, changes: Partial<Form>): void {
    Object.assign(this.of(call), changes, { edited: true, key: this.#newKey() });
  }

  /** Fills in what is still empty, and all of it while no person wrote in the form. */
  fill(call: string, changes: Partial<Pick<Form, 'phone' | 'skill' | 'firstName' | 'lastName'>>): void {
    const form = this.of(call);
    const open = Object.entries(changes).filter(([name]) => !form.edited || !form[name as keyof Form]);
    Object.assign(form, Object.fromEntries(open));
  }

  /** The next request is another one than the last, which was answered. */
  renewKey(call: string): void {
    this.of(call).key = this.#newKey();
  }

  forget(call: string): void {
    this.#forms.delete(call);
  }

  /** The forms that a person wrote in, the newest when not all fit; '' when there is none. */
  draft(): string {
    let kept = [...this.#forms].filter(([, form]) => form.edited);
    while (kept.length > 0) {
      const text = JSON.stringify(Object.fromEntries(kept));
      if (text.length <= MAX_DRAFT_LENGTH) return text;
      kept = kept.slice(1);
    }
    return '';
  }

  /** Takes over a draft. What is typed here already stays. */
  restore(draft: string | null | undefined): void {
    for (const [call, form] of Object.entries(forms(draft))) {
      if (!this.#forms.get(call)?.edited) this.#forms.set(call, { ...this.#empty(), ...form });
    }
  }

  #empty(): Form {
    return {
      phone: '',
      skill: '',
      firstName: '',
      lastName: '',
      note: '',
      personal: false,
      slot: '',
      edited: false,
      key: this.#newKey(),
    };
  }
}

function forms(draft: string | null | undefined): Record<string, Partial<Form>> {
  try {
    return (JSON.parse(draft || '{}') ?? {}) as Record<string, Partial<Form>>;
  } catch {
    return {}; // a draft of an older release
  }
}
