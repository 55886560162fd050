import { Component, DestroyRef, computed, effect, inject, input, output, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Api, byId, unwrap } from '../core/api';
import { download } from '../core/download';
import { type JobDetail, countsLabel, hasEnded, percentDone } from '../core/jobs';
import { Problem } from '../core/problem';
import { ErrorBanner } from './error-banner';
import { Status } from './status';

const ONE = '/admin/api/v1/jobs/{id}';
const POLL_MS = 1000;

/** A job, read anew every second until it has ended: its progress, its result, and what may be done about it. */
@Component({
  selector: 'cm-job-view',
  imports: [ErrorBanner, MatButton, MatProgressBar, Status],
  template: `
    <cm-error-banner [error]="error() ?? result.error()" />
    @if (job(); as job) {
      <p class="row">
        <cm-status [value]="job.status" />
        <span>
          <span class="num">{{ job.done }}</span> of <span class="num">{{ job.total }}</span>:
          {{ countsLabel(job.counts) }}
        </span>
      </p>
      @if (!hasEnded(job)) {
        <mat-progress-bar mode="determinate" [value]="percentDone(job)" aria-label="Progress" />
      }
      <p class="muted small" role="status">
        @if (job.lost) {
          {{ job.node }} is not heard of any more: another node goes on where it stopped.
        } @else if (job.status === 'queued') {
          Waits: one job runs at a time.
        } @else if (job.status === 'running') {
          It goes on when you leave this page.
        } @else {
          {{ job.problem }}
        }
      </p>
      @if (job.lines.length > 0 && hasEnded(job)) {
        <ul class="small">
          @for (line of job.lines.slice(0, 5); track line.line) {
            <li>Line {{ line.line }}: {{ line.message }}</li>
          }
        </ul>
      }
      <div class="row">
        @if (job.resultLines > 0) {
          <button matButton type="button" (click)="save(job)">
            Download the result ({{ job.resultLines }} {{ job.resultLines === 1 ? 'line' : 'lines' }})
          </button>
        }
        @if (!hasEnded(job)) {
          <button matButton type="button" class="danger" (click)="change('cancel')">Stop it</button>
        }
        @if (job.restorable > 0) {
          <button matButton="tonal" type="button" [disabled]="undoing()" (click)="undo()">
            Undo: restore {{ job.restorable === 1 ? 'it' : job.restorable }}
          </button>
        }
        @if (job.status === 'failed') {
          <button matButton="tonal" type="button" (click)="change('retry')">Go on with it</button>
        }
      </div>
    } @else if (result.isLoading()) {
      <mat-progress-bar mode="indeterminate" aria-label="Loading" />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    ul {
      margin: 0;
      padding-left: 20px;
    }
  `,
})
export class JobView {
  private readonly http = inject(Api).http;
  readonly id = input.required<string>();
  /** Once, with the job as it ended. */
  readonly finished = output<JobDetail>();
  /** The id of the job that undoes this one. */
  readonly undone = output<string>();
  protected readonly undoing = signal(false);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly result = resource({
    params: () => this.id(),
    loader: ({ params }) => unwrap(this.http.GET(ONE, byId(params))),
  });
  protected readonly job = computed(() => (this.result.hasValue() ? this.result.value() : undefined));
  protected readonly countsLabel = countsLabel;
  protected readonly hasEnded = hasEnded;
  protected readonly percentDone = percentDone;

  constructor() {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let told = false;
    let shown = '';
    effect(() => {
      clearTimeout(timer);
      if (this.id() !== shown) told = false; // the view goes on with another job
      shown = this.id();
      if (this.result.isLoading()) return;
      const job = this.job();
      if (job && hasEnded(job)) {
        if (!told) this.finished.emit(job);
        told = true;
      } else {
        timer = setTimeout(() => this.result.reload(), POLL_MS);
      }
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  }

  protected async change(what: 'cancel' | 'retry'): Promise<void> {
    this.error.set(undefined);
    try {
      await unwrap(this.http.POST(`${ONE}/${what}`, byId(this.id())));
    } catch (error) {
      this.error.set(Problem.of(error));
    }
    this.result.reload();
  }

  protected async undo(): Promise<void> {
    this.error.set(undefined);
    this.undoing.set(true);
    try {
      const { id } = await unwrap(this.http.POST('/admin/api/v1/callbacks/bulk-cancel/{id}/undo', byId(this.id())));
      this.undone.emit(id);
    } catch (error) {
      this.error.set(Problem.of(error));
      this.result.reload();
    } finally {
      this.undoing.set(false);
    }
  }

  protected async save({ id, kind }: JobDetail): Promise<void> {
    this.error.set(undefined);
    try {
      const file = await unwrap(this.http.GET(`${ONE}/result`, { ...byId(id), parseAs: 'blob' }));
      download(file, `${kind.replaceAll('_', '-')}-${id}.csv`);
    } catch (error) {
      this.error.set(Problem.of(error));
    }
  }
}
