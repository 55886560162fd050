import { Component, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Api, type Schemas, unwrap } from '../../core/api';
import { Session } from '../../core/session';
import { ago, localMoment } from '../../core/date-time';
import { Confirm } from '../../ui/confirm';
import { Snackbar } from '../../ui/snackbar';

type HeldCampaign = Schemas['HeldCampaign'];

/** The campaigns that the master neither changes in UCCE nor hands callbacks to until a supervisor decides. */
@Component({
  selector: 'cm-held-campaigns',
  imports: [MatButton, RouterLink],
  template: `
    <h2>{{ campaigns().length === 1 ? 'A campaign waits' : campaigns().length + ' campaigns wait' }} for a decision</h2>
    @for (held of campaigns(); track held.id) {
      <div class="row between">
        <p>
          <a [routerLink]="['/campaigns', held.id]">{{ held.name }}</a>: <span class="bad">{{ held.syncMessage }}</span>
          <span class="muted small" [title]="moment(held.heldAt)"> Seen {{ ago(held.heldAt) }}.</span>
        </p>
        @if (session.supervisor()) {
          @if (held.hold === 'switched_off') {
            <button matButton="outlined" type="button" [disabled]="busy()" (click)="resume(held)">Resume</button>
          } @else {
            <a matButton="outlined" [routerLink]="['/campaigns', held.id]">Decide</a>
          }
        }
      </div>
    }
  `,
  styles: ':host { display: grid; gap: 8px; }',
  host: { role: 'alert' },
})
export class HeldCampaigns {
  private readonly http = inject(Api).http;
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  readonly campaigns = input.required<readonly HeldCampaign[]>();
  readonly changed = output();
  protected readonly busy = signal(false);
  protected readonly ago = ago;
  protected readonly moment = localMoment;

  protected async resume({ id, name }: HeldCampaign): Promise<void> {
    const confirmed = await this.confirm.ask({
      heading: `Resume ${name}?`,
      text: 'UCCE is told to dial again, also the contacts that it has had since it was switched off, and due callbacks are handed over.',
      confirmLabel: 'Resume',
    });
    if (!confirmed) return;
    this.busy.set(true);
    try {
      await unwrap(this.http.POST('/admin/api/v1/campaigns/{id}/resume', { params: { path: { id } } }));
      this.snackbar.done(`${name}: the master switches it on again with its next cycle.`);
    } catch (error) {
      this.snackbar.failed(error);
    } finally {
      this.busy.set(false);
      this.changed.emit();
    }
  }
}
