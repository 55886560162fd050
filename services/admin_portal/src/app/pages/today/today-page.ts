import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import { mdiCalendarClockOutline, mdiRefresh } from '@mdi/js';
import { Api, type Schemas, answer } from '../../core/api';
import { poll } from '../../core/poll';
import { Problem } from '../../core/problem';
import { ago, dayName } from '../../core/zone';
import { Empty } from '../../ui/empty';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Page } from '../../ui/page';
import { Brakes } from './brakes';
import { Health } from './health';
import { Held } from './held';
import { PoolDay } from './pool-day';
import { tiles } from './tiles';

const EVERY = 5; // seconds
const MANY = 8; // pools, from which on one wants to search them
const AT_ONCE = 16; // pools drawn in one go: more than a screen, and no task that a slow computer feels

@Component({
  selector: 'cm-today-page',
  imports: [Brakes, Empty, Failure, Health, Held, Icon, MatButton, MatProgressBar, Page, PoolDay, RouterLink],
  templateUrl: './today-page.html',
  styleUrl: './today-page.scss',
})
export class TodayPage {
  private readonly api = inject(Api);
  protected readonly live = signal<Schemas['Live'] | undefined>(undefined);
  protected readonly error = signal<Problem | undefined>(undefined);
  protected readonly filter = signal('');
  private readonly drawn = signal(AT_ONCE);
  protected readonly icons = { refresh: mdiRefresh, none: mdiCalendarClockOutline };
  protected readonly polling = poll(EVERY, async () => this.refresh());
  protected readonly many = computed(() => (this.live()?.pools.length ?? 0) > MANY);
  protected readonly pools = computed(() => {
    const words = this.filter().trim().toLowerCase();
    const pools = this.live()?.pools ?? [];
    const found = words
      ? pools.filter(({ skill, campaign }) => `${skill} ${campaign ?? ''}`.toLowerCase().includes(words))
      : pools;
    return found.slice(0, this.drawn());
  });
  protected readonly counts = computed(() => {
    const live = this.live();
    return live ? tiles(live) : [];
  });
  protected readonly ago = ago;
  protected readonly dayName = dayName;

  private drawMore(): void {
    if (this.drawn() >= (this.live()?.pools.length ?? 0)) return;
    this.drawn.update((count) => count + AT_ONCE);
    setTimeout(() => this.drawMore());
  }

  private async refresh(): Promise<void> {
    try {
      const live = await answer(this.api.http.GET('/admin/api/v1/live'));
      this.live.update((before) => ({ ...live, pools: unchanged(before?.pools ?? [], live.pools) }));
      setTimeout(() => this.drawMore());
      this.error.set(undefined);
    } catch (error) {
      this.error.set(Problem.of(error));
    }
  }
}

/** `pools`, but those that are as they were are the very objects of `before`: nothing of them is drawn anew. */
function unchanged(
  before: readonly Schemas['LivePool'][],
  pools: readonly Schemas['LivePool'][],
): Schemas['LivePool'][] {
  const known = new Map(before.map((pool) => [JSON.stringify(pool), pool]));
  return pools.map((pool) => known.get(JSON.stringify(pool)) ?? pool);
}
