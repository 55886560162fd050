import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiMapMarkerQuestionOutline } from '@mdi/js';
import { EmptyState } from '../../ui/empty-state';

@Component({
  selector: 'cm-not-found-page',
  imports: [EmptyState, MatButton, RouterLink],
  template: `
    <cm-empty-state [icon]="icon" heading="There is no such page">
      The address may be mistyped, or what it showed is gone.
      <a matButton="filled" routerLink="/today" action>Go to today</a>
    </cm-empty-state>
  `,
})
export class NotFoundPage {
  protected readonly icon = mdiMapMarkerQuestionOutline;
}
