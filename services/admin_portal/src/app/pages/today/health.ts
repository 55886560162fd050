import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Schemas } from '../../core/api';
import { ago, localMoment } from '../../core/date-time';
import { Status } from '../../ui/status';

/** The master, whether UCCE is reachable, and the result of the last cycle. */
@Component({
  selector: 'cm-health',
  imports: [RouterLink, Status],
  template: `
    <h2>Hand-over to UCCE</h2>
    <dl class="facts">
      <dt>Master</dt>
      <dd>
        @if (master().node; as node) {
          <span
            ><b>{{ node }}</b
            >&ngsp;<span class="muted">with epoch {{ master().epoch }}</span></span
          >
          @if (master().since; as since) {
            <span class="muted" [title]="moment(since)"
              >for {{ ago(since).replace(' ago', '').replace('just now', 'a moment') }}</span
            >
          }
          @if (!master().alive) {
            <cm-status value="error" label="does not report" />
          }
          @if (master().problem; as problem) {
            <span class="small bad" role="alert">{{ problem }}</span>
          }
        } @else {
          <cm-status value="error" label="none: nothing is handed over" />
        }
      </dd>
      <dt>UCCE</dt>
      <dd>
        @if (ucce().reachable === null) {
          <cm-status value="pending" label="not known yet" />
        } @else {
          <cm-status
            [value]="ucce().reachable ? 'yes' : 'error'"
            [label]="ucce().reachable ? 'works' : 'does not take our calls'"
          />
        }
        @if (ucce().lastError) {
          <span class="small bad">{{ ucce().lastError }}</span>
        }
      </dd>
      <dt>Last cycle</dt>
      <dd>
        @if (master().lastCycleAt; as at) {
          {{ master().lastCycle }} <span class="muted" [title]="moment(at)">{{ ago(at) }}</span>
        } @else {
          <span class="muted">none yet</span>
        }
      </dd>
      <dt>Campaigns</dt>
      <dd>
        @if (live().campaignsNotInSync; as count) {
          <a routerLink="/campaigns">{{ count }} not in sync with UCCE</a>
        } @else {
          all in sync
        }
      </dd>
    </dl>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      align-content: start;
    }
    dd {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 8px;
      align-items: center;
    }
    .facts {
      gap: 7px 18px;
    }
  `,
})
export class Health {
  readonly live = input.required<Schemas['Live']>();
  protected readonly master = computed(() => this.live().master);
  protected readonly ucce = computed(() => this.live().ucce);
  protected readonly ago = ago;
  protected readonly moment = localMoment;
}
