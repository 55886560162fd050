import { Component, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Api, type Schemas, answer } from '../../core/api';
import { Session } from '../../core/session';
import { ago, localMoment } from '../../core/zone';
import { Confirm } from '../../ui/confirm';
import { Notice } from '../../ui/notice';

type HeldCampaign = Schemas['HeldCampaign'];

/** The campaigns that are left alone in UCCE, and handed nothing, until somebody decides. */
@Component({
  selector: 'cm-held',
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
export class Held {
  private readonly http = inject(Api).http;
  private readonly confirm = inject(Confirm);
  private readonly notice = inject(Notice);
  protected readonly session = inject(Session);
  readonly campaigns = input.required<readonly HeldCampaign[]>();
  readonly changed = output();
  protected readonly busy = signal(false);
  protected readonly ago = ago;
  protected readonly moment = localMoment;

  protected async resume({ id, name }: HeldCampaign): Promise<void> {
    const sure = await this.confirm.ask({
      heading: `Resume ${name}?`,
      text: 'UCCE is told to dial again, also the contacts that it has had since it was switched off, and due callbacks are handed over.',
      yes: 'Resume',
    });
    if (!sure) return;
    this.busy.set(true);
    try {
      await answer(this.http.POST('/admin/api/v1/campaigns/{id}/resume', { params: { path: { id } } }));
      this.notice.done(`${name}: the master switches it on again with its next cycle.`);
    } catch (error) {
      this.notice.failed(error);
    } finally {
      this.busy.set(false);
      this.changed.emit();
    }
  }
}
