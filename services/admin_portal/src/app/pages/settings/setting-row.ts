import { Component, computed, inject, input, linkedSignal, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Api, type Schemas, answer } from '../../core/api';
import { Conflicts } from '../../core/editor';
import { person } from '../../core/people';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { ago, zones } from '../../core/zone';
import { Notice } from '../../ui/notice';
import { parsed, shown } from './setting-value';

type Setting = Schemas['Setting'];
const ONE = '/admin/api/v1/settings/{name}';

/** One setting: what it means, its value, and the way back to the default. */
@Component({
  selector: 'cm-setting-row',
  imports: [MatButton],
  templateUrl: './setting-row.html',
  styleUrl: './setting-row.scss',
})
export class SettingRow {
  private readonly http = inject(Api).http;
  private readonly conflicts = inject(Conflicts);
  private readonly notice = inject(Notice);
  protected readonly session = inject(Session);
  readonly setting = input.required<Setting>();
  readonly saved = output();
  protected readonly text = linkedSignal(() => shown(this.setting().value));
  protected readonly error = signal('');
  protected readonly busy = signal(false);
  protected readonly changed = computed(() => this.text() !== shown(this.setting().value));
  protected readonly zones = zones();
  protected readonly shown = shown;
  protected readonly ago = ago;
  protected readonly person = person;

  protected async save(): Promise<void> {
    const value = parsed(this.setting().kind, this.text());
    await this.write((headers, path) => answer(this.http.PUT(ONE, { params: { path }, headers, body: { value } })));
  }

  protected async useDefault(): Promise<void> {
    await this.write((headers, path) => answer(this.http.DELETE(ONE, { params: { path }, headers })));
  }

  private async write(
    call: (headers: { 'If-Match': string }, path: { name: string }) => Promise<unknown>,
    version = this.setting().version,
  ): Promise<void> {
    this.busy.set(true);
    this.error.set('');
    try {
      await call({ 'If-Match': `"${version}"` }, { name: this.setting().name });
      this.notice.done(`${this.setting().label}: saved.`);
      this.saved.emit();
    } catch (error) {
      await this.explain(Problem.of(error), call);
    } finally {
      this.busy.set(false);
    }
  }

  private async explain(problem: Problem, call: Parameters<SettingRow['write']>[0]): Promise<void> {
    if (problem.code !== 'stale_version') {
      this.error.set(problem.fields.get('value')?.join(' ') ?? problem.detail);
      return;
    }
    const choice = await this.conflicts.ask(problem);
    if (choice === 'mine') await this.write(call, Number(problem.body['currentVersion']));
    else if (choice === 'theirs') this.saved.emit();
  }
}
