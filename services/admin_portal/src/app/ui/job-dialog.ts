import { Component, Injectable, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { type JobDetail } from '../core/jobs';
import { JobView } from './job-view';

interface Watched {
  readonly id: string;
  readonly heading: string;
  /** Close by itself when the job is done: the page goes on with its result. */
  readonly closeWhenDone?: boolean;
}

@Component({
  selector: 'cm-job-dialog',
  imports: [JobView, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ heading() }}</h2>
    <mat-dialog-content
      ><cm-job-view [id]="id()" (finished)="end($event)" (undone)="goOnWith($event)"
    /></mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="filled" type="button" (click)="close()">{{ job() ? 'Close' : 'Let it run and close' }}</button>
    </mat-dialog-actions>
  `,
})
class JobDialogContent {
  private readonly dialog = inject<MatDialogRef<JobDialogContent, JobDetail>>(MatDialogRef);
  protected readonly watched = inject<Watched>(MAT_DIALOG_DATA);
  protected readonly id = signal(this.watched.id);
  protected readonly heading = signal(this.watched.heading);
  protected readonly job = signal<JobDetail | undefined>(undefined);

  /** Show the job that undoes the one before. */
  protected goOnWith(id: string): void {
    this.id.set(id);
    this.heading.set('Restoring callbacks');
    this.job.set(undefined);
  }

  protected end(job: JobDetail): void {
    this.job.set(job);
    if (this.watched.closeWhenDone && job.status === 'done') this.close();
  }

  protected close(): void {
    this.dialog.close(this.job());
  }
}

/** Shows how a job goes on that the page has just begun. */
@Injectable({ providedIn: 'root' })
export class JobDialog {
  private readonly dialog = inject(MatDialog);

  /** Resolves to the job as it ended; to undefined when the user closed the dialog before. */
  async watch(watched: Watched): Promise<JobDetail | undefined> {
    const opened = this.dialog.open<JobDialogContent, Watched, JobDetail>(JobDialogContent, {
      data: watched,
      disableClose: true,
      width: '520px',
    });
    return firstValueFrom(opened.afterClosed());
  }
}
