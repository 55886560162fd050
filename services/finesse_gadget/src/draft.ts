// Keeps what is typed at the API: the other Finesse node is another origin, which sees no storage of this one.
import type { Api } from './api.ts';
import type { Forms } from './forms.ts';

export class DraftKeeper {
  readonly #api: Api;
  readonly #forms: Forms;
  #kept = '';
  #asked = 0;

  constructor(api: Api, forms: Forms) {
    this.#api = api;
    this.#forms = forms;
  }

  /** Takes over what the agent typed at the other node. */
  restore(draft: string | null | undefined): void {
    this.#forms.restore(draft);
    this.#kept = draft ?? '';
  }

  /** A failure is silent: the next change tries again, and what is typed is still on the screen. */
  async keep(): Promise<void> {
    const draft = this.#forms.draft();
    if (draft === this.#kept) return;
    const asked = ++this.#asked;
    try {
      await this.#api.keepDraft(draft);
      if (asked === this.#asked) this.#kept = draft;
    } catch {
      return;
    }
  }
}
