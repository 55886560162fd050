import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import { mdiCalendarClockOutline, mdiRefresh } from '@mdi/js';
import { Api, type Schemas, unwrap } from '../../core/api';
import { poll } from '../../core/poll';
import { Problem } from '../../core/problem';
import { ago, dayName } from '../../core/date-time';
import { EmptyState } from '../../ui/empty-state';
import { ErrorBanner } from '../../ui/error-banner';
import { Icon } from '../../ui/icon';
import { Page } from '../../ui/page';
import { Brakes } from './brakes';
import { Health } from './health';
import { HeldCampaigns } from './held-campaigns';
import { PoolDay } from './pool-day';
import { tiles } from './tiles';

const REFRESH_SECONDS = 5;
const SEARCH_FROM_POOLS = 8; // up to this many, the list has no search
const POOLS_PER_TASK = 16; // more than a screen shows; a long task would block a slow computer

@Component({
  selector: 'cm-today-page',
  imports: [
    Brakes,
    EmptyState,
    ErrorBanner,
    Health,
    HeldCampaigns,
    Icon,
    MatButton,
    MatProgressBar,
    Page,
    PoolDay,
    RouterLink,
  ],
  templateUrl: './today-page.html',
  styleUrl: './today-page.scss',
})
export class TodayPage {
  private readonly api = inject(Api);
  protected readonly live = signal<Schemas['Live'] | undefined>(undefined);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly filter = signal('');
  private readonly drawn = signal(POOLS_PER_TASK);
  protected readonly icons = { refresh: mdiRefresh, none: mdiCalendarClockOutline };
  protected readonly polling = poll(REFRESH_SECONDS, async () => this.refresh());
  protected readonly searchable = computed(() => (this.live()?.pools.length ?? 0) > SEARCH_FROM_POOLS);
  protected readonly pools = computed(() => {
    const text = this.filter().trim().toLowerCase();
    const pools = this.live()?.pools ?? [];
    const matching = text
      ? pools.filter(({ skill, campaign }) => `${skill} ${campaign ?? ''}`.toLowerCase().includes(text))
      : pools;
    return matching.slice(0, this.drawn());
  });
  protected readonly counts = computed(() => {
    const live = this.live();
    return live ? tiles(live) : [];
  });
  protected readonly takesNoBookings = takesNoBookings;

  protected isClosedSomewhere(live: Schemas['Live']): boolean {
    return live.pools.some((pool) => takesNoBookings(live, pool));
  }

  protected readonly ago = ago;
  protected readonly dayName = dayName;

  private drawMore(): void {
    if (this.drawn() >= (this.live()?.pools.length ?? 0)) return;
    this.drawn.update((count) => count + POOLS_PER_TASK);
    setTimeout(() => this.drawMore());
  }

  private async refresh(): Promise<void> {
    try {
      const live = await unwrap(this.api.http.GET('/admin/api/v1/live'));
      this.live.update((before) => ({ ...live, pools: reuseUnchanged(before?.pools ?? [], live.pools) }));
      setTimeout(() => this.drawMore());
      this.error.set(undefined);
    } catch (error) {
      this.error.set(Problem.of(error));
    }
  }
}

/** Whether a brake keeps a pool from taking bookings. */
export function takesNoBookings(
  { brakes }: Pick<Schemas['Live'], 'brakes'>,
  { skillId }: Pick<Schemas['LivePool'], 'skillId'>,
): boolean {
  return !brakes.acceptBookings || brakes.pausedSkills.some(({ id }) => id === skillId);
}

/** `pools` with the objects of `before` where nothing has changed, so that Angular does not draw those again. */
function reuseUnchanged(
  before: readonly Schemas['LivePool'][],
  pools: readonly Schemas['LivePool'][],
): Schemas['LivePool'][] {
  const beforeByJson = new Map(before.map((pool) => [JSON.stringify(pool), pool]));
  return pools.map((pool) => beforeByJson.get(JSON.stringify(pool)) ?? pool);
}
