import { Component, computed, inject, input } from '@angular/core';
import type { ResourceRef } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { mdiFilterOffOutline } from '@mdi/js';
import { ListQuery } from '../core/list-query';
import { EmptyState } from './empty-state';
import { ErrorBanner } from './error-banner';
import { Pager } from './pager';

interface Counted {
  readonly total: number;
}

/** The frame of a list: progress, errors, the empty state and the pager. The table is its content. */
@Component({
  selector: 'cm-list-card',
  imports: [EmptyState, ErrorBanner, MatButton, MatProgressBar, Pager],
  template: `
    <div class="tools row"><ng-content select="[tools]" /></div>
    <div class="card table-card" [attr.aria-busy]="result().isLoading()">
      <div class="progress">
        @if (result().isLoading()) {
          <mat-progress-bar mode="indeterminate" aria-label="Loading" />
        }
      </div>
      @if (result().error(); as error) {
        <div class="error"><cm-error-banner [error]="error" [retryable]="true" (retry)="result().reload()" /></div>
      } @else if (value(); as list) {
        @if (list.total > 0) {
          <div class="scroll-x"><ng-content /></div>
          <cm-pager [total]="list.total" />
        } @else if (query.filtered()) {
          <cm-empty-state [icon]="noMatchIcon" heading="Nothing matches">
            No entry fits the search and filters.
            <button matButton="outlined" type="button" action (click)="query.clear()">Show all</button>
          </cm-empty-state>
        } @else {
          <ng-content select="[empty]" />
        }
      } @else {
        <div class="waiting"></div>
      }
    </div>
  `,
  styles: `
    .tools:not(:empty) {
      margin-bottom: 14px;
    }
    .progress {
      height: 3px;
      margin-bottom: -3px;
    }
    .error {
      padding: 14px;
    }
    .waiting {
      height: 240px;
    }
  `,
})
export class ListCard {
  readonly result = input.required<ResourceRef<Counted | undefined>>();
  protected readonly query = inject(ListQuery);
  protected readonly noMatchIcon = mdiFilterOffOutline;
  protected readonly value = computed(() => {
    const result = this.result();
    return result.hasValue() ? result.value() : undefined;
  });
}
