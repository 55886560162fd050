"""Whom a campaign may call now: for whom it is within its calling hours (shared/callbacks/calling_hours.py).

The hours are asked by the clock of the hand-over and by the campaign as it is then: a callback may be late, or tried
again, and the hours may have been changed since it was booked. Local time is nothing that SQL can tell on both engines.
But customers share few places: the places of a campaign's due callbacks are read, those where may be called are chosen
here, and become a condition, which the claim repeats.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from services.dialer_sync.handover.campaign_target import CampaignTarget
from shared.callbacks.calling_hours import CalledParty, CallingHours
from shared.callbacks.states import Status
from shared.db.key_lists import one_of
from shared.db.models import Callback, Campaign, Pool
from shared.db.session import Database, retried


@dataclass(frozen=True, slots=True)
class CallableNow:
    """`zones` are values of Callback.calling_zones, `pools` those whose zone counts where there is none."""

    hours: CallingHours
    zones: tuple[str, ...]
    pools: tuple[int, ...]

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """On callbacks; and on their campaign that it still has these hours."""
        unchanged = (
            Campaign.calling_hours_start == self.hours.start,
            Campaign.calling_hours_end == self.hours.end,
        )
        same = select(Campaign.id).where(Campaign.id == Callback.campaign_id, *unchanged).exists()
        if self.hours.all_day:
            return (same,)
        nowhere = and_(Callback.calling_zones.is_(None), one_of(Callback.pool_id, self.pools))
        return same, or_(one_of(Callback.calling_zones, self.zones), nowhere)


def read_callable_now(database: Database, target: CampaignTarget, now: datetime) -> CallableNow:
    """Of the due callbacks of a campaign. Raises Unavailable."""
    hours = target.calling_hours
    if hours.all_day:
        return CallableNow(hours, (), ())
    allowed = [
        (calling_zones, pool_id)
        for calling_zones, pool_id, pool_zone in _places(database, target.id, now)
        if CalledParty.stored(hours, ZoneInfo(pool_zone), calling_zones).may_be_called(now)
    ]
    zones = {calling_zones for calling_zones, _ in allowed if calling_zones is not None}
    pools = {pool_id for calling_zones, pool_id in allowed if calling_zones is None}
    return CallableNow(hours, tuple(sorted(zones)), tuple(sorted(pools)))


@retried
def _places(database: Database, campaign_id: int, now: datetime) -> list[tuple[str | None, int, str]]:
    due = (Callback.status == Status.SCHEDULED, Callback.campaign_id == campaign_id, Callback.due_at <= now)
    places = select(Callback.calling_zones, Callback.pool_id).where(*due).distinct().subquery()
    query = select(places.c.calling_zones, places.c.pool_id, Pool.time_zone).join(Pool, Pool.id == places.c.pool_id)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]
