import { Component, inject, resource, signal } from '@angular/core';
import { form, maxLength, required, submit } from '@angular/forms/signals';
import { MatButton, MatIconButton } from '@angular/material/button';
import { mdiDeleteOutline, mdiDownload, mdiPhoneCancelOutline, mdiUpload } from '@mdi/js';
import { Api, type Schemas, answer } from '../../core/api';
import type { FieldErrors } from '../../core/editor';
import { download } from '../../core/download';
import { ListQuery } from '../../core/list-query';
import { person } from '../../core/people';
import { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { localMoment } from '../../core/zone';
import { Confirm } from '../../ui/confirm';
import { Empty } from '../../ui/empty';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { ListCard } from '../../ui/list-card';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Removal } from '../../ui/removal';
import { Search } from '../../ui/search';
import { Sort } from '../../ui/sort';
import { TextField } from '../../ui/text-field';

const ALL = '/admin/api/v1/do-not-call';

@Component({
  selector: 'cm-do-not-call-page',
  imports: [Empty, Failure, Icon, ListCard, MatButton, MatIconButton, Page, Search, Sort, TextField],
  providers: [ListQuery],
  templateUrl: './do-not-call-page.html',
  styles: `
    form {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 2fr) auto;
      gap: 12px;
      align-items: start;
    }
    form button {
      height: 44px;
    }
    @media (max-width: 640px) {
      form {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class DoNotCallPage {
  private readonly http = inject(Api).http;
  private readonly query = inject(ListQuery);
  private readonly confirm = inject(Confirm);
  private readonly notice = inject(Notice);
  private readonly removal = inject(Removal);
  protected readonly session = inject(Session);
  protected readonly error = signal<Problem | undefined>(undefined);
  private readonly model = signal({ phone: '', note: '' });
  protected readonly f = form(this.model, (path) => {
    required(path.phone, { message: 'Enter a number.' });
    maxLength(path.note, 255, { message: 'At most 255 characters.' });
  });
  protected readonly result = resource({
    params: () => this.query.query(),
    loader: ({ params, abortSignal }) => answer(this.http.GET(ALL, { params: { query: params }, signal: abortSignal })),
  });
  protected readonly icons = {
    remove: mdiDeleteOutline,
    none: mdiPhoneCancelOutline,
    load: mdiUpload,
    save: mdiDownload,
  };
  protected readonly moment = localMoment;
  protected readonly person = person;

  protected async add(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.f, async () => {
      this.error.set(undefined);
      const { phone, note } = this.model();
      try {
        await answer(this.http.POST(ALL, { body: { phone, note: note || null } }));
      } catch (error) {
        return this.explain(Problem.of(error));
      }
      this.notice.done('Nobody calls this number any more.');
      this.f().reset({ phone: '', note: '' });
      this.result.reload();
      return undefined;
    });
  }

  protected async remove(phone: string): Promise<void> {
    const gone = await this.removal.ask(`${phone} from the list`, () =>
      answer(this.http.POST(`${ALL}/removals`, { body: { phones: [phone] } })),
    );
    if (gone) this.result.reload();
  }

  protected async save(): Promise<void> {
    try {
      const file = await answer(this.http.GET(`${ALL}/export`, { parseAs: 'blob' }));
      download(file as unknown as Blob, 'do-not-call.csv');
    } catch (error) {
      this.notice.failed(error);
    }
  }

  /** Says first what the file would do, then does it. */
  protected async load(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    this.error.set(undefined);
    try {
      const trial = await this.send(file, true);
      const sure = await this.confirm.ask({
        heading: `Import ${file.name}?`,
        text: `${trial.added} new numbers, ${trial.updated} with another note, ${trial.unchanged} known already, ${trial.failed} lines that are no number.`,
        details: trial.errors.slice(0, 5).map(({ line, message }) => `Line ${line}: ${message}`),
        yes: 'Import',
      });
      if (!sure) return;
      const done = await this.send(file, false);
      this.notice.done(`${done.added} numbers added.`);
      this.result.reload();
    } catch (error) {
      this.error.set(Problem.of(error));
    }
  }

  private async send(file: File, dryRun: boolean): Promise<Schemas['Import']> {
    return answer(
      this.http.POST(`${ALL}/import`, {
        params: { query: { dryRun } },
        body: file as unknown as string,
        bodySerializer: () => file,
        headers: { 'Content-Type': 'text/csv' },
      }),
    );
  }

  private explain(problem: Problem): FieldErrors | undefined {
    const about = problem.code === 'invalid_phone' ? [problem.detail] : problem.fields.get('phone');
    if (!about) this.error.set(problem);
    return about?.map((message) => ({ kind: 'server', message, fieldTree: this.f.phone }));
  }
}
