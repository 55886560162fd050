import { Component, effect, inject, input, output, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Schemas } from '../../core/api';
import { Session } from '../../core/session';
import { ago } from '../../core/date-time';
import { plainText } from '../../core/plain-text';
import { ErrorBanner } from '../../ui/error-banner';
import { Snackbar } from '../../ui/snackbar';
import { Status } from '../../ui/status';
import { CampaignHold } from './campaign-hold';
import { CampaignRepository } from './campaign-repository';

const POLL_MS = 3000; // while the synchronization is pending

/** The desired state against what the master observed in UCCE, with UCCE's own message where it refused. */
@Component({
  selector: 'cm-campaign-sync',
  imports: [CampaignHold, ErrorBanner, MatButton, Status],
  template: `
    <div class="row between">
      <div class="row">
        <h2>In UCCE</h2>
        @if (sync.hasValue()) {
          <cm-status [value]="sync.value().syncState" />
          <span class="muted small">
            {{ sync.value().ucceId ? 'campaign ' + sync.value().ucceId : 'not created yet' }},
            {{ sync.value().syncedAt ? 'checked ' + ago(sync.value().syncedAt ?? '') : 'not checked yet' }}
          </span>
        }
      </div>
      @if (session.supervisor() && !(sync.hasValue() && sync.value().hold)) {
        <button matButton type="button" [disabled]="busy()" (click)="syncAgain()">Bring UCCE to it again</button>
      }
    </div>
    <cm-error-banner [error]="sync.error()" [retryable]="true" (retry)="sync.reload()" />
    @if (sync.hasValue() && sync.value(); as state) {
      @if (state.syncMessage) {
        <p [class.bad]="state.syncState === 'error'">{{ state.syncMessage }}</p>
      }
      @if (state.hold) {
        <p class="muted small">Seen {{ ago(state.heldAt ?? '') }}.</p>
        <cm-campaign-hold [campaign]="campaign()" [sync]="state" (decided)="decide($event)" />
      } @else if (state.drift.length) {
        <div class="scroll-x">
          <table class="list">
            <thead>
              <tr>
                <th>Parameter</th>
                <th>Desired</th>
                <th>Found in UCCE</th>
              </tr>
            </thead>
            <tbody>
              @for (difference of state.drift; track difference.field) {
                <tr>
                  <td class="mono">{{ difference.field }}</td>
                  <td>{{ text(difference.desired) || '–' }}</td>
                  <td class="warn">{{ text(difference.observed) || '–' }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else if (state.syncState === 'in_sync') {
        <p class="muted small">UCCE has the desired settings.</p>
      } @else if (state.syncState === 'pending') {
        <p class="muted small">The master brings UCCE to it with its next cycle.</p>
      }
    }
  `,
  styles: ':host { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }',
})
export class CampaignSync {
  private readonly repository = inject(CampaignRepository);
  private readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  readonly campaign = input.required<string>();
  /** The number of saves: the state is read again when it grows. */
  readonly saves = input(0);
  /** A user has decided about a held campaign, which gives it a new version. */
  readonly decided = output();
  protected readonly busy = signal(false);
  protected readonly sync = resource({
    params: () => ({ id: this.campaign(), saves: this.saves() }),
    loader: ({ params }) => this.repository.sync(params.id),
  });
  protected readonly ago = ago;
  protected readonly text = plainText;

  constructor() {
    effect((onCleanup) => {
      if (!this.sync.hasValue() || this.sync.value().syncState !== 'pending') return;
      const timer = setTimeout(() => this.sync.reload(), POLL_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  protected decide(sync: Schemas['CampaignSync']): void {
    this.sync.set(sync);
    this.decided.emit();
  }

  protected async syncAgain(): Promise<void> {
    this.busy.set(true);
    try {
      this.sync.set(await this.repository.requestSync(this.campaign()));
    } catch (error) {
      this.snackbar.failed(error);
    } finally {
      this.busy.set(false);
    }
  }
}
