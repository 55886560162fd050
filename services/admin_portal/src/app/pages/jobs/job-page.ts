import { Component, input } from '@angular/core';
import { JobView } from '../../ui/job-view';
import { Page } from '../../ui/page';

@Component({
  selector: 'cm-job-page',
  imports: [JobView, Page],
  template: `
    <cm-page [heading]="'Job ' + id()" [back]="list">
      <section class="card"><cm-job-view [id]="id()" /></section>
    </cm-page>
  `,
})
export class JobPage {
  readonly id = input.required<string>();
  protected readonly list = { link: '/jobs', label: 'Jobs' };
}
