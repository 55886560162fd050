import { Component, computed, inject, resource, viewChildren } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Api, unwrap } from '../../core/api';
import { Lookups } from '../../core/lookups';
import { ErrorBanner } from '../../ui/error-banner';
import { Page } from '../../ui/page';
import { type HasUnsavedChanges, warnOnClose } from '../../ui/unsaved-changes';
import { SettingRow } from './setting-row';

@Component({
  selector: 'cm-settings-page',
  imports: [ErrorBanner, MatProgressBar, Page, SettingRow],
  template: `
    <cm-page
      heading="Settings"
      lead="The rules for all skills. A change counts from the next booking or cycle on, on every node."
    >
      <cm-error-banner [error]="result.error()" [retryable]="true" (retry)="result.reload()" />
      @if (result.hasValue()) {
        @for (group of groups(); track group.name) {
          <section class="card">
            <h2>{{ group.name }}</h2>
            @for (setting of group.settings; track setting.name) {
              <cm-setting-row [setting]="setting" [timeZones]="timeZones()" (saved)="result.reload()" />
            }
          </section>
        }
      } @else if (result.isLoading()) {
        <mat-progress-bar mode="indeterminate" aria-label="Loading" />
      }
    </cm-page>
  `,
  styles: 'h2::first-letter { text-transform: uppercase; }',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class SettingsPage implements HasUnsavedChanges {
  private readonly http = inject(Api).http;
  protected readonly result = resource({ loader: () => unwrap(this.http.GET('/admin/api/v1/settings')) });
  private readonly zones = inject(Lookups).timeZones();
  protected readonly timeZones = computed(() => (this.zones.hasValue() ? this.zones.value() : []));
  private readonly rows = viewChildren(SettingRow);
  protected readonly groups = computed(() => {
    const settings = this.result.hasValue() ? this.result.value().items : [];
    return [...new Set(settings.map(({ group }) => group))].map((name) => ({
      name,
      settings: settings.filter(({ group }) => group === name),
    }));
  });

  unsaved(): boolean {
    return this.rows().some((row) => row.changed());
  }

  protected warn(event: BeforeUnloadEvent): void {
    warnOnClose(event, this);
  }
}
