import { Component } from '@angular/core';
import { mdiProgressClock } from '@mdi/js';
import { ListQuery, type PageQuery } from '../../core/list-query';
import { type Job, countsLabel, jobLabel, percentDone } from '../../core/jobs';
import { LIST_PAGE, ListPage } from '../../ui/list-page';
import { Status } from '../../ui/status';

@Component({
  selector: 'cm-job-list',
  imports: [LIST_PAGE, Status],
  providers: [ListQuery],
  template: `
    <cm-page heading="Jobs" lead="What goes on by itself once it was started: imports and changes of many callbacks.">
      <button matButton type="button" actions (click)="result.reload()">Refresh</button>
      <cm-list-card [result]="result">
        @if (result.hasValue()) {
          <table class="list cards">
            <thead>
              <tr>
                <th>Job</th>
                <th>State</th>
                <th class="num">Done</th>
                <th>Result</th>
                <th cmSort="createdAt" defaultSort="-createdAt">Started</th>
                <th>Node</th>
              </tr>
            </thead>
            <tbody>
              @for (job of result.value().items; track job.id) {
                <tr>
                  <td class="main">
                    <a [routerLink]="job.id">{{ jobLabel(job) }}</a>
                  </td>
                  <td data-label="State">
                    <cm-status
                      [value]="job.lost ? 'overdue' : job.status"
                      [label]="job.lost ? 'node lost' : job.status"
                    />
                  </td>
                  <td class="num" data-label="Done">{{ percentDone(job) }} %</td>
                  <td data-label="Result">{{ countsLabel(job.counts) }}</td>
                  <td data-label="Started" class="muted">
                    {{ moment(job.createdAt) }} by {{ actorName(job.createdBy) }}
                  </td>
                  <td data-label="Node" class="muted">{{ job.node }}</td>
                </tr>
              }
            </tbody>
          </table>
        }
        <cm-empty-state empty [icon]="icon" heading="No jobs yet">
          An import of do-not-call numbers, or the cancelling of many callbacks, appears here with its result.
        </cm-empty-state>
      </cm-list-card>
    </cm-page>
  `,
})
export class JobList extends ListPage<Job> {
  protected readonly icon = mdiProgressClock;
  protected readonly jobLabel = jobLabel;
  protected readonly countsLabel = countsLabel;
  protected readonly percentDone = percentDone;

  protected override request(query: PageQuery, signal: AbortSignal) {
    return this.http.GET('/admin/api/v1/jobs', { params: { query }, signal });
  }
}
