import { Component, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Schemas } from '../../core/api';
import { Session } from '../../core/session';
import { Confirm, type Question } from '../../ui/confirm';
import { Snackbar } from '../../ui/snackbar';
import { CampaignRepository } from './campaign-repository';

type Sync = Schemas['CampaignSync'];
type InUcce = Schemas['CampaignInUcce'];

/** The decisions that a supervisor can make about a campaign that the master does not change in UCCE. */
@Component({
  selector: 'cm-campaign-hold',
  imports: [MatButton],
  template: `
    @if (session.supervisor()) {
      <div class="row">
        @if (sync().hold === 'switched_off') {
          <button matButton="filled" type="button" [disabled]="busy()" (click)="resume()">Resume</button>
        } @else {
          @for (candidate of sync().holdFound; track candidate.ucceId) {
            <button matButton="outlined" type="button" [disabled]="busy()" (click)="adopt(candidate)">
              Take over {{ candidate.name }} ({{ candidate.ucceId }})
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
  private readonly repository = inject(CampaignRepository);
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);
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
        confirmLabel: 'Resume',
      },
      () => this.repository.resume(this.campaign()),
    );
  }

  protected async adopt(candidate: InUcce): Promise<void> {
    await this.decide(
      {
        heading: `Take over ${candidate.name}?`,
        text: `UCCE’s campaign ${candidate.ucceId} gets the name, skill groups and settings of this page, and callbacks are handed over to it. Only do so when it is yours.`,
        confirmLabel: 'Take over',
        dangerous: true,
      },
      () => this.repository.adopt(this.campaign(), candidate),
    );
  }

  protected async makeAnew(): Promise<void> {
    await this.decide(
      {
        heading: 'Make the campaign anew?',
        text: 'The master creates another campaign in UCCE. What stands there now stays as it is.',
        confirmLabel: 'Make anew',
      },
      () => this.repository.makeAnew(this.campaign()),
    );
  }

  private async decide(question: Question, act: () => Promise<Sync>): Promise<void> {
    if (!(await this.confirm.ask(question))) return;
    this.busy.set(true);
    try {
      this.decided.emit(await act());
      this.snackbar.done('Decided. The master acts on it with its next cycle.');
    } catch (error) {
      this.snackbar.failed(error);
    } finally {
      this.busy.set(false);
    }
  }
}
