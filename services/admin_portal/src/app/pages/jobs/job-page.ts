import { Component, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { JobView } from '../../ui/job-view';
import { Page } from '../../ui/page';

@Component({
  selector: 'cm-job-page',
  imports: [JobView, Page],
  template: `
    <cm-page [heading]="'Job ' + id()" [back]="list">
      <section class="card"><cm-job-view [id]="id()" (undone)="show($event)" /></section>
    </cm-page>
  `,
})
export class JobPage {
  private readonly router = inject(Router);
  readonly id = input.required<string>();
  protected readonly list = { link: '/jobs', label: 'Jobs' };

  /** The job that undoes this one. */
  protected show(id: string): void {
    void this.router.navigate(['/jobs', id]);
  }
}
