import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { Api, type Schemas, unwrap } from '../../core/api';
import { Session } from '../../core/session';
import { Confirm } from '../../ui/confirm';
import { Snackbar } from '../../ui/snackbar';

type BrakeName = 'acceptBookings' | 'handOver';

const TEXTS: Record<BrakeName, { label: string; on: string; off: string; stop: string; resume: string }> = {
  acceptBookings: {
    label: 'Take bookings',
    on: 'The IVR offers callbacks.',
    off: 'The IVR offers no callbacks: every slot counts as taken.',
    stop: 'Callers are offered no callbacks until somebody switches it on again. What is booked stays booked.',
    resume: 'Callers are offered callbacks again.',
  },
  handOver: {
    label: 'Hand over to UCCE',
    on: 'Due callbacks go to the dialer.',
    off: 'Nothing goes to the dialer: due callbacks wait.',
    stop: 'No callback is given to the dialer until somebody switches it on again. What UCCE has already, it dials.',
    resume: 'Due callbacks go to the dialer again, those that waited too.',
  },
};

/** The two global brakes, and a line for each skill and campaign whose own brake is on. */
@Component({
  selector: 'cm-brakes',
  imports: [MatSlideToggle],
  template: `
    <h2>Brakes</h2>
    @for (name of names; track name) {
      <div class="brake">
        <mat-slide-toggle
          #toggle
          [checked]="brakes()[name]"
          [disabled]="!session.operator() || !session.allSkills() || busy()"
          (change)="confirmAndSet(name, toggle)"
          >{{ texts[name].label }}</mat-slide-toggle
        >
        <p class="small" [class.muted]="brakes()[name]" [class.bad]="!brakes()[name]">
          {{ brakes()[name] ? texts[name].on : texts[name].off }}
          @if (name === 'handOver' && stoppedByWorker()) {
            The worker switched it off by itself: transactions of the database were lost. Read its problem beside this
            before you switch it on.
          }
        </p>
      </div>
    }
    @for (line of paused(); track line) {
      <p class="small warn">{{ line }}</p>
    }
    @if (!session.operator()) {
      <p class="small muted">An operator can work the brakes.</p>
    } @else if (!session.allSkills()) {
      <p class="small muted">You can work the brakes of your skills and campaigns, on their pages.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      align-content: start;
    }
    .brake p {
      margin-left: 64px;
    }
    mat-slide-toggle {
      --mat-slide-toggle-label-text-line-height: 20px;
      --mat-slide-toggle-label-text-size: 14px;
      --mat-slide-toggle-label-text-weight: 560;
      --mat-slide-toggle-label-text-tracking: normal;
    }
  `,
})
export class Brakes {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly snackbar = inject(Snackbar);
  protected readonly session = inject(Session);
  readonly brakes = input.required<Schemas['Brakes']>();
  readonly changed = output();
  protected readonly names: readonly BrakeName[] = ['acceptBookings', 'handOver'];
  protected readonly texts = TEXTS;
  protected readonly busy = signal(false);
  protected readonly stoppedByWorker = computed(() => this.brakes().handOverStoppedBy?.startsWith('worker:') ?? false);
  protected readonly paused = computed(() => {
    const { pausedSkills, pausedCampaigns } = this.brakes();
    return [
      ...pausedSkills.map(({ name }) => `${name} takes no bookings.`),
      ...pausedCampaigns.map(({ name }) => `${name} hands nothing over.`),
    ];
  });

  protected async confirmAndSet(name: BrakeName, toggle: MatSlideToggle): Promise<void> {
    const on = !this.brakes()[name];
    // The switch shows the state of the server, not the click.
    toggle.checked = !on;
    const texts = TEXTS[name];
    const confirmed = await this.confirm.ask({
      heading: on ? `${texts.label}: switch on?` : `${texts.label}: switch off?`,
      text: on ? texts.resume : texts.stop,
      confirmLabel: on ? 'Switch on' : 'Switch off',
      dangerous: !on,
    });
    if (!confirmed) return;
    this.busy.set(true);
    try {
      await unwrap(this.api.http.POST('/admin/api/v1/live/brakes', { body: { [name]: on } }));
      this.snackbar.done(`${texts.label}: ${on ? 'on' : 'off'}.`);
    } catch (error) {
      this.snackbar.failed(error);
    } finally {
      this.busy.set(false);
      this.changed.emit();
    }
  }
}
