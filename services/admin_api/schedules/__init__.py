"""Daily and weekly schedules, which skill has which, and what a change would do to booked callbacks."""
