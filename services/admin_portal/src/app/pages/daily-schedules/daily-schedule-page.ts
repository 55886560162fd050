import { Component, signal } from '@angular/core';
import { Page } from '../../ui/page';
import { type Capacities, NOTHING } from './capacities';
import { CapacityGrid } from './capacity-grid';
@Component({ selector: 'cm-daily-schedule-page', imports: [CapacityGrid, Page], template: `<cm-page heading="X"><cm-capacity-grid [(capacities)]="c" /></cm-page>` })
export class DailySchedulePage { c = signal<Capacities>(NOTHING); }
