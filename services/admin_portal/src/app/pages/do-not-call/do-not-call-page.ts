import { Component, inject, signal } from '@angular/core';
import { form, maxLength, required, submit } from '@angular/forms/signals';
import { MatIconButton } from '@angular/material/button';
import { mdiDeleteOutline, mdiDownload, mdiPhoneCancelOutline, mdiUpload } from '@mdi/js';
import { type Schemas, unwrap } from '../../core/api';
import { download } from '../../core/download';
import type { FieldErrors } from '../../core/editor';
import type { JobDetail } from '../../core/jobs';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { Problem } from '../../core/problem';
import { Confirm } from '../../ui/confirm';
import { ConfirmDelete } from '../../ui/confirm-delete';
import { ErrorBanner } from '../../ui/error-banner';
import { JobDialog } from '../../ui/job-dialog';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { PhoneNumber } from '../../ui/phone-number';
import { Snackbar } from '../../ui/snackbar';
import { TextField } from '../../ui/text-field';

const ALL = '/admin/api/v1/do-not-call';

@Component({
  selector: 'cm-do-not-call-page',
  imports: [ErrorBanner, LIST_PAGE, MatIconButton, PhoneNumber, TextField],
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
export class DoNotCallPage extends ListPage<Schemas['DoNotCall']> {
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);
  private readonly jobs = inject(JobDialog);
  private readonly confirmDelete = inject(ConfirmDelete);
  protected readonly error = signal<Problem | undefined>(undefined);
  private readonly model = signal({ phone: '', note: '' });
  protected readonly form = form(this.model, (path) => {
    required(path.phone, { message: 'Enter a number.' });
    maxLength(path.note, 255, { message: 'At most 255 characters.' });
  });
  protected readonly icons = {
    remove: mdiDeleteOutline,
    none: mdiPhoneCancelOutline,
    import: mdiUpload,
    export: mdiDownload,
  };

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET(ALL, { params: { query }, signal });
  }

  protected async add(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.form, async () => {
      this.error.set(undefined);
      const { phone, note } = this.model();
      try {
        const added = await unwrap(this.http.POST(ALL, { body: { phone, note: note || null } }));
        this.snackbar.done(`Nobody calls this number any more.${fate(added)}`);
      } catch (error) {
        return this.fieldErrors(Problem.of(error));
      }
      this.form().reset({ phone: '', note: '' });
      this.result.reload();
      return undefined;
    });
  }

  protected async remove(phone: string): Promise<void> {
    const deleted = await this.confirmDelete.ask(`${phone} from the list`, () =>
      unwrap(this.http.POST(`${ALL}/removals`, { body: { phones: [phone] } })),
    );
    if (deleted) this.result.reload();
  }

  protected async export(): Promise<void> {
    try {
      const file = await unwrap(this.http.GET(`${ALL}/export`, { parseAs: 'blob' }));
      download(file, 'do-not-call.csv');
    } catch (error) {
      this.snackbar.failed(error);
    }
  }

  /** Has the file checked, asks with what the import would change, and shows how it goes on. */
  protected async import(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    this.error.set(undefined);
    try {
      const check = await this.send(file, true);
      const checked = await this.jobs.watch({ id: check.id, heading: `Checking ${file.name}`, closeWhenDone: true });
      if (checked?.status !== 'done' || !(await this.confirmed(file, checked))) return;
      const { id } = await this.send(file, false);
      await this.jobs.watch({ id, heading: `Importing ${file.name}` });
      this.result.reload();
    } catch (error) {
      this.error.set(Problem.of(error));
    }
  }

  private confirmed(file: File, { counts, lines }: JobDetail): Promise<boolean> {
    const { added = 0, updated = 0, unchanged = 0, failed = 0, callbacksCancelled = 0 } = counts;
    return this.confirm.ask({
      heading: `Import ${file.name}?`,
      text: `${added} new numbers, ${updated} with another note, ${unchanged} known already, ${failed} lines that are no number.${fate({ cancelled: callbacksCancelled, atUcce: 0 }, true)}`,
      details: lines.slice(0, 5).map(({ line, message }) => `Line ${line}: ${message}`),
      confirmLabel: 'Import',
    });
  }

  private async send(file: File, dryRun: boolean): Promise<Schemas['Job']> {
    return unwrap(
      this.http.POST(`${ALL}/import`, {
        params: { query: { dryRun } },
        body: file as unknown as string,
        bodySerializer: () => file,
        headers: { 'Content-Type': 'text/csv' },
      }),
    );
  }

  private fieldErrors(problem: Problem): FieldErrors | undefined {
    const messages = problem.code === 'invalid_phone' ? [problem.detail] : problem.fields.get('phone');
    if (!messages) this.error.set(problem);
    return messages?.map((message) => ({ kind: 'server', message, fieldTree: this.form.phone }));
  }
}

/** What becomes of the open callbacks of numbers that are listed, as sentences; empty when there are none. */
export function fate(
  { cancelled, atUcce }: Pick<Schemas['DoNotCallAdded'], 'cancelled' | 'atUcce'>,
  ahead = false,
): string {
  const one = cancelled === 1;
  const verb = ahead ? (one ? 'is' : 'are') : one ? 'was' : 'were';
  return [
    cancelled && ` ${cancelled} ${one ? 'waiting callback' : 'waiting callbacks'} ${verb} cancelled.`,
    atUcce && ` UCCE has ${atUcce} already and may still call.`,
  ]
    .filter(Boolean)
    .join('');
}
