import { Component, inject, signal } from '@angular/core';
import { form, required, submit } from '@angular/forms/signals';
import { mdiAccountRemoveOutline } from '@mdi/js';
import type { Schemas } from '../../core/api';
import type { FieldErrors } from '../../core/editor';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { Problem } from '../../core/problem';
import { ErasePerson } from '../../ui/erase-person';
import { ErrorBanner } from '../../ui/error-banner';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { Status } from '../../ui/status';
import { TextField } from '../../ui/text-field';

@Component({
  selector: 'cm-erasures-page',
  imports: [ErrorBanner, LIST_PAGE, Status, TextField],
  providers: [ListQuery],
  template: `
    <cm-page
      heading="Erasures"
      lead="Remove everything personal of a customer. Counts and reports stay; the number is kept nowhere."
    >
      <cm-error-banner [error]="error()" />
      <form class="card" (submit)="erase($event)" novalidate>
        <cm-text-field label="Phone number" type="tel" [field]="form.phone" />
        <button matButton="filled" class="danger" type="submit" [disabled]="form().submitting()">Erase…</button>
      </form>
      <cm-list-card [result]="result">
        @if (result.hasValue()) {
          <table class="list cards">
            <thead>
              <tr>
                <th cmSort="requestedAt" defaultSort="-requestedAt">Asked</th>
                <th>Callbacks</th>
                <th>Rows</th>
                <th>Do not call</th>
                <th>State</th>
              </tr>
            </thead>
            <tbody>
              @for (erasure of result.value().items; track erasure.id) {
                <tr>
                  <td class="main">
                    {{ moment(erasure.requestedAt) }}
                    <span class="muted">by {{ actorName(erasure.requestedBy) }}</span>
                  </td>
                  <td data-label="Callbacks">{{ erasure.callbacks }}</td>
                  <td data-label="Rows">{{ erasure.rowCount }}</td>
                  <td data-label="Do not call">{{ erasure.doNotCall ? 'kept as a hash' : '–' }}</td>
                  <td data-label="State">
                    @if (erasure.finishedAt) {
                      <cm-status value="yes" [label]="'finished ' + moment(erasure.finishedAt)" />
                    } @else {
                      <cm-status value="pending" [label]="erasure.left + ' left'" />
                      @for (callback of erasure.leftCallbacks; track callback.accountNumber) {
                        <a class="mono" [routerLink]="['/callbacks', callback.accountNumber]">
                          {{ callback.accountNumber }}
                        </a>
                        <span class="muted small">{{ callback.status }}: erased when UCCE is through with it</span>
                      }
                    }
                  </td>
                </tr>
              }
            </tbody>
          </table>
        }
        <cm-empty-state empty [icon]="icon" heading="Nobody was erased yet">
          Enter the number of a customer who wants to be forgotten.
        </cm-empty-state>
      </cm-list-card>
    </cm-page>
  `,
  styles: `
    form {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 12px;
      align-items: start;
    }
    form button {
      height: 44px;
    }
    td a,
    td .small {
      display: block;
    }
  `,
})
export class ErasuresPage extends ListPage<Schemas['Erasure']> {
  private readonly erasePerson = inject(ErasePerson);
  protected readonly icon = mdiAccountRemoveOutline;
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly form = form(signal({ phone: '' }), (path) => {
    required(path.phone, { message: 'Enter a number.' });
  });

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/erasures', { params: { query }, signal });
  }

  protected async erase(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.form, async () => {
      this.error.set(undefined);
      try {
        if (!(await this.erasePerson.ask(this.form.phone().value()))) return undefined;
      } catch (error) {
        return this.fieldErrors(Problem.of(error));
      }
      this.form().reset({ phone: '' });
      this.result.reload();
      return undefined;
    });
  }

  private fieldErrors(problem: Problem): FieldErrors | undefined {
    const messages = problem.code === 'invalid_phone' ? [problem.detail] : problem.fields.get('phone');
    if (!messages) this.error.set(problem);
    return messages?.map((message) => ({ kind: 'server', message, fieldTree: this.form.phone }));
  }
}
