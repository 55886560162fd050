"""The slots of a schedule compared with the window and the calling hours of the campaign that calls in them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.callbacks.calling_hours import CalledParty, CallingHours
from shared.callbacks.config_snapshot import Campaign, ConfigSnapshot, Pool, Skill
from shared.callbacks.dialing_window import DialingWindow

DAYS = 14  # that are looked at, from today on


@dataclass(frozen=True, slots=True)
class Overlap:
    """Of the coming days: how many slots the schedule has, how many of them the window leaves out altogether, and how
    many of the others the calling hours, for customers in the schedule's own zone."""

    scheduled: int
    closed: int
    uncallable: int


def overlap(pool: Pool, window: DialingWindow, hours: CallingHours, now: datetime) -> Overlap:
    """How a window and calling hours fit a pool's schedule."""
    neighbour = CalledParty.stored(hours, pool.zone, None)
    today = now.astimezone(pool.zone).date()
    days = [today + timedelta(days=offset) for offset in range(DAYS)]
    scheduled = sum(len(pool.day(day).slots) for day in days)
    dialled = sum(len(pool.day(day, window).slots) for day in days)
    callable_ = sum(len(pool.day(day, window, neighbour).slots) for day in days)
    return Overlap(scheduled, scheduled - dialled, dialled - callable_)


def overlaps(snapshot: ConfigSnapshot, now: datetime) -> Iterator[tuple[Campaign, Skill, Overlap]]:
    """Of each enabled campaign and each skill it serves that has a schedule."""
    for campaign in sorted(snapshot.campaigns.values(), key=lambda one: one.name):
        for skill in sorted((snapshot.skill_by_id[key] for key in campaign.skill_ids), key=lambda one: one.name):
            pool = snapshot.pool_of(skill, campaign)
            if campaign.enabled and pool is not None:
                yield campaign, skill, overlap(pool, campaign.window, campaign.calling_hours, now)
