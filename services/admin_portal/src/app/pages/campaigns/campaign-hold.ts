import { Component, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { type Schemas } from '../../core/api';
import { Session } from '../../core/session';
import { Confirm, type Question } from '../../ui/confirm';
import { Notice } from '../../ui/notice';
import { CampaignStore } from './campaign-store';

type Sync = Schemas['CampaignSync'];
type InUcce = Schemas['CampaignInUcce'];

/** What a person may decide of a campaign that the master leaves alone in UCCE. */
@Component({
  selector: 'cm-campaign-hold',
  imports: [MatButton],
  template: `
    @if (session.supervisor()) {
      <div class="row">
        @if (sync().hold === 'switched_off') {
          <button matButton="filled" type="button" [disabled]="busy()" (click)="resume()">Resume</button>
        } @else {
          @for (found of sync().holdFound; track found.ucceId) {
            <button matButton="outlined" type="button" [disabled]="busy()" (click)="adopt(found)">
              Take over {{ found.name }} ({{ found.ucceId }})
            </button>
          }
          @if (sync().ucceId !== null) {
            <button matButton="outlined" type="button" [disabled]="busy()" (click)="makeAnew()">Make anew</button>
          }
        }
      </div>
    } @else {
      <p class="muted small">A supervisor decides.</p>
    }
  `,
})
export class CampaignHold {
  private readonly store = inject(CampaignStore);
  private readonly confirm = inject(Confirm);
  private readonly notice = inject(Notice);
  protected readonly session = inject(Session);
  readonly campaign = input.required<string>();
  readonly sync = input.required<Sync>();
  readonly decided = output<Sync>();
  protected readonly busy = signal(false);

  protected async resume(): Promise<void> {
    await this.decide(
      {
        heading: 'Resume this campaign?',
        text: 'UCCE is told to dial again, also the contacts that it has had since it was switched off, and due callbacks are handed over.',
        yes: 'Resume',
      },
      () => this.store.resume(this.campaign()),
    );
  }

  protected async adopt(found: InUcce): Promise<void> {
    await this.decide(
      {
        heading: `Take over ${found.name}?`,
        text: `UCCE’s campaign ${found.ucceId} gets the name, skill groups and settings of this page, and callbacks are handed over to it. Only do so when it is yours.`,
        yes: 'Take over',
        dangerous: true,
      },
      () => this.store.adopt(this.campaign(), found),
    );
  }

  protected async makeAnew(): Promise<void> {
    await this.decide(
      {
        heading: 'Make the campaign anew?',
        text: 'The master creates another campaign in UCCE. What stands there now stays as it is.',
        yes: 'Make anew',
      },
      () => this.store.makeAnew(this.campaign()),
    );
  }

  private async decide(question: Question, act: () => Promise<Sync>): Promise<void> {
    if (!(await this.confirm.ask(question))) return;
    this.busy.set(true);
    try {
      this.decided.emit(await act());
      this.notice.done('Decided. The master acts on it with its next cycle.');
    } catch (error) {
      this.notice.failed(error);
    } finally {
      this.busy.set(false);
    }
  }
}
