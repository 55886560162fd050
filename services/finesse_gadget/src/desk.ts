// What happens at the agent's desk: calls come and go, the form is filled in, and callbacks are booked, moved, cancelled.
import { type Api, type Availability, type BoundCall, type Callback, Problem, type Skill } from './api.ts';
import { DraftKeeper } from './draft.ts';
import { bookingOf, type Form, Forms, WITHOUT_CALL } from './forms.ts';
import { lookUp } from './lookup.ts';
import type { Texts } from './texts.ts';
import { type Call, element, inputs, type View } from './view.ts';

const TYPING_MILLISECONDS = 400; // after the last key, until what was typed is checked and kept

export class Desk {
  readonly #api: Api;
  readonly #view: View;
  readonly #texts: Texts;
  readonly #agentId: string;
  readonly #popUp: () => void;
  readonly #forms = new Forms(() => crypto.randomUUID());
  readonly #draft: DraftKeeper;
  readonly #calls = new Map<string, Call>();
  #current = WITHOUT_CALL;
  #skills: readonly Skill[] | undefined; // undefined until the session is open
  #times: Availability | undefined;
  #booked: Callback | undefined;
  #answered = '';
  #moving: Callback | undefined;
  #look = 0; // which answers are of what is shown now
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: () => Promise<void> = () => this.connect();

  /** `popUp` brings the gadget before the agent's eyes. */
  constructor(api: Api, view: View, texts: Texts, agentId: string, popUp: () => void) {
    this.#api = api;
    this.#view = view;
    this.#texts = texts;
    this.#agentId = agentId;
    this.#popUp = popUp;
    this.#draft = new DraftKeeper(api, this.#forms);
  }

  /** Opens the session, and shows what is there: a draft of the other node, a call that has come already. */
  connect(): Promise<void> {
    return this.#try(async () => {
      const { draft } = await this.#api.open();
      this.#draft.restore(draft);
      const { skills } = await this.#api.skills();
      this.#skills = skills;
      this.#view.skills(skills.map(({ name }) => name));
      this.#view.show('gadget', true);
      await this.#show(this.#current);
    });
  }

  async callBegan(call: Call): Promise<void> {
    if (this.#calls.has(call.id)) return;
    this.#calls.set(call.id, call);
    const busy = this.#calls.size > 1 || this.#form.edited;
    if (busy) this.#showCalls();
    else await this.choose(call.id);
  }

  async callEnded(id: string): Promise<void> {
    this.#calls.delete(id);
    if (id !== this.#current) this.#forms.forget(id);
    // A form that the agent has begun is finished in wrap-up, and a confirmation stays until it has been read.
    const kept = this.#form.edited || this.#view.shows('done');
    if (id === this.#current && !kept) await this.nextCall();
    else this.#showCalls();
  }

  /** Shows the form of a call, or the one without a call. */
  async choose(id: string): Promise<void> {
    this.#current = id;
    if (this.#skills) await this.#try(() => this.#show(id));
  }

  async chooseSkill(skill: string): Promise<void> {
    this.edit({ skill });
    this.#view.say('skill-problem', '');
    await this.#try(() => this.#refresh());
  }

  edit(changes: Partial<Form>): void {
    this.#forms.edit(this.#current, changes);
    if ('phone' in changes) this.#view.say('phone-problem', '');
    this.#nameButton();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#draft.keep();
      if ('phone' in changes) void this.#try(() => this.#refresh());
    }, TYPING_MILLISECONDS);
  }

  tryAgain(): Promise<void> {
    return this.#again();
  }

  /** After a booking, or a call without a form to finish: the next call, or the form without one. */
  async nextCall(): Promise<void> {
    const ended = this.#current;
    this.#forms.forget(ended);
    const [other = WITHOUT_CALL] = this.#calls.keys();
    const next = this.#calls.has(ended) ? ended : other;
    if (next === WITHOUT_CALL && ended !== WITHOUT_CALL) await this.#api.unbind().catch(() => undefined);
    await this.choose(next);
  }

  async submit(): Promise<void> {
    const { phone, skill, slot } = this.#form;
    const moving = this.#moving;
    const missing = moving || phone ? (moving || skill ? (slot ? '' : 'slots') : 'skill') : 'phone';
    this.#view.say('form-problem', missing && this.#texts.of(MISSING[missing]));
    if (missing) return this.#view.focus(missing);
    await this.#try(() => (moving ? this.#move(moving) : this.#book()));
  }

  beginMoving(): void {
    this.#moving = this.#booked;
    this.#form.slot = '';
    this.#showForm();
    void this.#try(() => this.#refresh());
  }

  stopMoving(): void {
    this.#moving = undefined;
    this.#form.slot = '';
    this.#showForm();
    void this.#try(() => this.#refresh());
  }

  askToCancel(asked: boolean): void {
    this.#view.show('cancel-question', asked);
    element(asked ? 'cancel-no' : 'cancel').focus();
  }

  async cancel(): Promise<void> {
    const callback = this.#booked;
    this.#view.show('cancel-question', false);
    if (!callback) return;
    const act = () => this.#api.cancel(callback.accountNumber, this.#form.key).then(() => callback);
    await this.#try(() => this.#finish('cancelled', act));
  }

  get #form(): Form {
    return this.#forms.of(this.#current);
  }

  #zone(skill: string): string {
    const known = this.#skills?.find(({ name }) => name === skill)?.timeZone;
    return known ?? this.#times?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  async #show(id: string): Promise<void> {
    const look = ++this.#look;
    this.#moving = this.#booked = this.#times = undefined;
    this.#answered = '';
    for (const section of ['answered', 'booked', 'cancel-question', 'done']) this.#view.show(section, false);
    for (const place of ['phone-problem', 'skill-problem', 'form-problem']) this.#view.say(place, '');
    const [first, ...more] = this.#skills ?? [];
    if (first && more.length === 0) this.#forms.fill(id, { skill: first.name });
    this.#showCalls();
    this.#showForm();
    if (this.#calls.has(id)) this.#fillIn(look, id, await this.#api.bind(id));
    if (look === this.#look) await this.#refresh();
  }

  #fillIn(look: number, id: string, { callback, phone, phoneProblem, queue, skill }: BoundCall): void {
    const { firstName, lastName } = callback ?? {};
    const mapped = callback?.skill ?? skill ?? '';
    this.#forms.fill(id, { phone, skill: mapped, firstName: firstName ?? '', lastName: lastName ?? '' });
    if (look !== this.#look) return;
    if (callback) this.#showAnswered(callback);
    this.#showForm();
    if (phoneProblem) this.#view.say('phone-problem', this.#texts.of(`phone_${phoneProblem}`));
    if (queue && !mapped) this.#view.say('skill-problem', this.#texts.of('queue_unknown', { queue }));
  }

  #showAnswered(callback: Callback): void {
    const own = callback.agentId === this.#agentId;
    this.#answered = callback.accountNumber;
    this.#view.answered(callback, this.#zone(callback.skill), own);
    if (own) this.#popUp();
  }

  /** Free times for the skill and the number, what is wrong with the number, and its open callback. */
  async #refresh(): Promise<void> {
    const look = ++this.#look;
    const { phone, skill } = this.#moving ?? this.#form;
    if (skill) this.#view.say('slots-problem', this.#texts.of('loading'));
    const found = await lookUp(this.#api, skill, phone, this.#answered);
    if (look !== this.#look) return;
    this.#times = found.times;
    this.#booked = found.open;
    const { phoneProblem } = found;
    if (phoneProblem) this.#view.say('phone-problem', this.#texts.ofProblem(phoneProblem));
    else if (phone && skill) this.#view.say('phone-problem', '');
    this.#view.show('booked', found.open !== undefined);
    if (found.open) this.#view.booked(found.open, this.#zone(found.open.skill));
    this.#showTimes();
  }

  #showCalls(): void {
    const calls = [...this.#calls.values()].map(({ id, shown }) => ({
      id,
      label: this.#texts.of('call_of', { phone: shown }),
    }));
    const other = !this.#calls.has(this.#current) || this.#forms.of(WITHOUT_CALL).edited;
    if (other)
      calls.push({
        id: this.#calls.has(this.#current) ? WITHOUT_CALL : this.#current,
        label: this.#texts.of('no_call'),
      });
    this.#view.calls(calls, this.#current, (id) => void this.choose(id));
  }

  #showForm(): void {
    const moving = this.#moving !== undefined;
    this.#view.show('form', true);
    this.#view.fields(this.#form);
    inputs.phone().disabled = inputs.skill().disabled = moving;
    element('slots-legend').textContent = this.#texts.of(moving ? 'move_to_when' : 'when');
    this.#view.show('keep', moving);
    this.#showTimes();
  }

  #showTimes(): void {
    const form = this.#form;
    const free = this.#times?.days.flatMap(({ slots }) => slots).filter(({ available }) => available > 0);
    if (free && !free.some(({ start }) => start === form.slot)) form.slot = '';
    this.#view.slots(this.#times, form.slot, (slot) => {
      this.edit({ slot });
      this.#view.say('form-problem', '');
    });
    this.#view.say('slots-problem', free?.length === 0 ? this.#texts.of('no_places') : '');
    this.#nameButton();
  }

  #nameButton(): void {
    const zone = this.#times?.timeZone ?? this.#zone(this.#form.skill);
    this.#view.bookAt(this.#form.slot, zone, this.#moving !== undefined);
  }

  #book(): Promise<void> {
    const body = bookingOf(this.#form, this.#current, this.#agentId);
    return this.#finish('booked', () => this.#api.book(body, this.#form.key));
  }

  #move({ accountNumber }: Callback): Promise<void> {
    return this.#finish('moved', () => this.#api.move(accountNumber, this.#form.slot, this.#form.key));
  }

  async #finish(kind: 'booked' | 'moved' | 'cancelled', act: () => Promise<Callback>): Promise<void> {
    const call = this.#current;
    this.#view.busy(true);
    try {
      const callback = await act();
      this.#moving = undefined;
      if (kind === 'cancelled') this.#forms.renewKey(call);
      else this.#forms.forget(call);
      if (kind === 'cancelled') await this.#refresh();
      else for (const section of ['form', 'booked']) this.#view.show(section, false);
      this.#view.done(kind, callback, this.#zone(callback.skill));
      void this.#draft.keep();
    } catch (error) {
      await this.#refused(error, call);
    } finally {
      this.#view.busy(false);
    }
  }

  /** Shows why, and what is true now. Throws what asking again can mend. */
  async #refused(error: unknown, call: string): Promise<void> {
    if (!(error instanceof Problem) || error.status >= 500 || error.status < 400 || error.status === 401) throw error;
    this.#forms.renewKey(call); // this one has its answer
    const meant = this.#moving ?? this.#booked;
    if (error.status === 404 || error.code === 'not_reschedulable') this.#moving = undefined;
    this.#showForm();
    await this.#refresh();
    const ended =
      error.status === 404 || (error.code.startsWith('not_') && this.#booked?.accountNumber !== meant?.accountNumber);
    this.#view.say('form-problem', ended ? this.#texts.of('error_gone') : this.#texts.ofProblem(error));
  }

  /** What `act` throws is shown with a button that runs it again. */
  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.#view.problem('');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Switched off: nothing of it is visible.
      if (error.code === 'gadget_disabled') return this.#view.show('gadget', false);
      this.#again = this.#skills ? () => this.#try(act) : () => this.connect();
      this.#view.show('gadget', true);
      this.#view.problem(this.#texts.ofProblem(error));
    }
  }
}

const MISSING = { phone: 'phone_missing', skill: 'choose_skill', slots: 'choose_time' } as const;
