import { Component, computed, inject, input, linkedSignal, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Api, type Schemas, unwrap } from '../../core/api';
import { actorName } from '../../core/actor';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { ago } from '../../core/date-time';
import { SaveDialogs } from '../../ui/save-dialogs';
import { Snackbar } from '../../ui/snackbar';
import { parseValue, formatValue } from './setting-value';

type Setting = Schemas['Setting'];
const ONE = '/admin/api/v1/settings/{name}';

/** One setting: its meaning, its value, and the button that restores the default. */
@Component({
  selector: 'cm-setting-row',
  imports: [MatButton],
  templateUrl: './setting-row.html',
  styleUrl: './setting-row.scss',
})
export class SettingRow {
  private readonly http = inject(Api).http;
  private readonly saveDialogs = inject(SaveDialogs);
  private readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  readonly setting = input.required<Setting>();
  /** The zones that the server takes. */
  readonly timeZones = input<readonly string[]>([]);
  readonly saved = output();
  // What was typed stays while another setting is saved and the list is read again.
  private readonly stored = computed(() => formatValue(this.setting().value));
  protected readonly text = linkedSignal(() => this.stored());
  protected readonly error = signal('');
  protected readonly busy = signal(false);
  readonly changed = computed(() => this.text() !== this.stored());
  protected readonly formatValue = formatValue;
  protected readonly ago = ago;
  protected readonly actorName = actorName;

  protected async save(): Promise<void> {
    const value = parseValue(this.setting().kind, this.text());
    await this.write((headers, path) => unwrap(this.http.PUT(ONE, { params: { path }, headers, body: { value } })));
  }

  protected async useDefault(): Promise<void> {
    await this.write((headers, path) => unwrap(this.http.DELETE(ONE, { params: { path }, headers })));
  }

  private async write(
    call: (headers: { 'If-Match': string }, path: { name: string }) => Promise<unknown>,
    version = this.setting().version,
  ): Promise<void> {
    this.busy.set(true);
    this.error.set('');
    try {
      await call({ 'If-Match': `"${version}"` }, { name: this.setting().name });
      this.snackbar.done(`${this.setting().label}: saved.`);
      this.saved.emit();
    } catch (error) {
      await this.handle(Problem.of(error), call);
    } finally {
      this.busy.set(false);
    }
  }

  private async handle(problem: Problem, call: Parameters<SettingRow['write']>[0]): Promise<void> {
    if (problem.code !== 'stale_version') {
      this.error.set(problem.fields.get('value')?.join(' ') ?? problem.detail);
      return;
    }
    const choice = await this.saveDialogs.resolveConflict(problem);
    if (choice === 'mine') await this.write(call, Number(problem.body['currentVersion']));
    else if (choice === 'theirs') this.saved.emit();
  }
}
