import { TestBed } from '@angular/core/testing';
import { SlotStrip, halfHour } from './slot-strip';

describe('a strip of slots', () => {
  it('stands at the local half hour, whatever the zone of the browser', () => {
    expect(halfHour('2026-11-23T09:30:00-06:00')).toBe(19);
    expect(halfHour('2026-11-23T00:00:00+05:45')).toBe(0);
  });

  it('tells screen readers what is booked, full and overcommitted', () => {
    const strip = TestBed.createComponent(SlotStrip);
    strip.componentRef.setInput('slots', [
      { start: '2026-11-23T09:00:00-06:00', capacity: 2, booked: 2 },
      { start: '2026-11-23T09:30:00-06:00', capacity: 1, booked: 3 },
      { start: '2026-11-23T10:00:00-06:00', capacity: 4, booked: 0 },
    ]);
    strip.detectChanges();
    const element = strip.nativeElement as HTMLElement;
    expect(element.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
      '5 of 7 booked; full: 09:00; overcommitted: 09:30',
    );
    expect(element.querySelectorAll('i.full, i.over')).toHaveLength(2);
    expect(element.querySelectorAll('i.free')).toHaveLength(1);
  });

  it('does not look free while no bookings are taken', () => {
    const strip = TestBed.createComponent(SlotStrip);
    strip.componentRef.setInput('slots', [
      { start: '2026-11-23T09:00:00-06:00', capacity: 2, booked: 2 },
      { start: '2026-11-23T09:30:00-06:00', capacity: 2, booked: 0 },
      { start: '2026-11-23T10:00:00-06:00', capacity: 4, booked: 1 },
    ]);
    strip.componentRef.setInput('closed', true);
    strip.detectChanges();
    const element = strip.nativeElement as HTMLElement;
    expect(element.querySelectorAll('i.free, i.some, i.tight')).toHaveLength(0);
    expect(element.querySelectorAll('i.closed')).toHaveLength(2);
    expect(element.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('closed for bookings');
  });
});
