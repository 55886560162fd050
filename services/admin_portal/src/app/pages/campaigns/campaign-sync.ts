import { Component, effect, inject, input, output, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { type Schemas } from '../../core/api';
import { Session } from '../../core/session';
import { ago } from '../../core/zone';
import { Failure } from '../../ui/failure';
import { Notice } from '../../ui/notice';
import { Status } from '../../ui/status';
import { CampaignHold } from './campaign-hold';
import { CampaignStore } from './campaign-store';

const AGAIN = 3000; // ms, while the master has not answered yet

/** The desired state against what the master observed in UCCE, with UCCE's own message where it refused. */
@Component({
  selector: 'cm-campaign-sync',
  imports: [CampaignHold, Failure, MatButton, Status],
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
        <button matButton type="button" [disabled]="busy()" (click)="again()">Bring UCCE to it again</button>
      }
    </div>
    <cm-failure [error]="sync.error()" [retryable]="true" (retry)="sync.reload()" />
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
                <th>Wished</th>
                <th>Found in UCCE</th>
              </tr>
            </thead>
            <tbody>
              @for (difference of state.drift; track difference.field) {
                <tr>
                  <td class="mono">{{ difference.field }}</td>
                  <td>{{ words(difference.desired) }}</td>
                  <td class="warn">{{ words(difference.observed) }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else if (state.syncState === 'in_sync') {
        <p class="muted small">UCCE has what is wished.</p>
      } @else if (state.syncState === 'pending') {
        <p class="muted small">The master brings UCCE to it with its next cycle.</p>
      }
    }
  `,
  styles: ':host { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }',
})
export class CampaignSync {
  private readonly store = inject(CampaignStore);
  private readonly notice = inject(Notice);
  protected readonly session = inject(Session);
  readonly campaign = input.required<string>();
  /** Grows with every save: then the state is another one. */
  readonly saves = input(0);
  /** Somebody decided of a campaign that was held: it is another version now. */
  readonly decided = output();
  protected readonly busy = signal(false);
  protected readonly sync = resource({
    params: () => ({ id: this.campaign(), saves: this.saves() }),
    loader: ({ params }) => this.store.sync(params.id),
  });
  protected readonly ago = ago;

  constructor() {
    effect((onCleanup) => {
      if (!this.sync.hasValue() || this.sync.value().syncState !== 'pending') return;
      const timer = setTimeout(() => this.sync.reload(), AGAIN);
      onCleanup(() => clearTimeout(timer));
    });
  }

  protected words(value: unknown): string {
    if (value === null || value === undefined || value === '') return '–';
    return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
  }

  protected decide(sync: Schemas['CampaignSync']): void {
    this.sync.set(sync);
    this.decided.emit();
  }

  protected async again(): Promise<void> {
    this.busy.set(true);
    try {
      this.sync.set(await this.store.syncAgain(this.campaign()));
    } catch (error) {
      this.notice.failed(error);
    } finally {
      this.busy.set(false);
    }
  }
}
