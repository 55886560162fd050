import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { Api, type Schemas, answer } from '../../core/api';
import { Session } from '../../core/session';
import { Confirm } from '../../ui/confirm';
import { Notice } from '../../ui/notice';

type Name = 'acceptBookings' | 'handOver';

const WORDS: Record<Name, { label: string; on: string; off: string; stop: string; resume: string }> = {
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

/** The two brakes for everything; those of single skills and campaigns are told. */
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
          [disabled]="!session.operator() || busy()"
          (change)="turn(name, toggle)"
          >{{ words[name].label }}</mat-slide-toggle
        >
        <p class="small" [class.muted]="brakes()[name]" [class.bad]="!brakes()[name]">
          {{ brakes()[name] ? words[name].on : words[name].off }}
          @if (name === 'handOver' && byItself()) {
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
  private readonly notice = inject(Notice);
  protected readonly session = inject(Session);
  readonly brakes = input.required<Schemas['Brakes']>();
  readonly changed = output();
  protected readonly names: readonly Name[] = ['acceptBookings', 'handOver'];
  protected readonly words = WORDS;
  protected readonly busy = signal(false);
  protected readonly byItself = computed(() => this.brakes().handOverStoppedBy?.startsWith('worker:') ?? false);
  protected readonly paused = computed(() => {
    const { pausedSkills, pausedCampaigns } = this.brakes();
    return [
      ...pausedSkills.map(({ name }) => `${name} takes no bookings.`),
      ...pausedCampaigns.map(({ name }) => `${name} hands nothing over.`),
    ];
  });

  protected async turn(name: Name, toggle: MatSlideToggle): Promise<void> {
    const on = !this.brakes()[name];
    // The switch shows what is, not what was clicked.
    toggle.checked = !on;
    const words = WORDS[name];
    const sure = await this.confirm.ask({
      heading: on ? `${words.label}: switch on?` : `${words.label}: switch off?`,
      text: on ? words.resume : words.stop,
      yes: on ? 'Switch on' : 'Switch off',
      dangerous: !on,
    });
    if (!sure) return;
    this.busy.set(true);
    try {
      await answer(this.api.http.POST('/admin/api/v1/live/brakes', { body: { [name]: on } }));
      this.notice.done(`${words.label}: ${on ? 'on' : 'off'}.`);
    } catch (error) {
      this.notice.failed(error);
    } finally {
      this.busy.set(false);
      this.changed.emit();
    }
  }
}
