"""The campaigns as the worker sees them: where contacts go, how numbers are dialled, what is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from services.dialer_sync.ucce.dial_plan import DialRule
from shared.callbacks.calling_hours import CallingHours
from shared.callbacks.retries import DEFAULT_DELAY_MINUTES, own_attempts
from shared.db.models import Campaign
from shared.db.session import Database, retried

_COLUMNS = (
    Campaign.id, Campaign.version, Campaign.name, Campaign.ucce_id, Campaign.ucce_names, Campaign.enabled,
    Campaign.enabled_in_ucce, Campaign.hold, Campaign.hands_over,
    Campaign.max_hand_overs_per_cycle, Campaign.dial_prefix, Campaign.dial_form, Campaign.dial_region,
    Campaign.dial_international_prefix, Campaign.calling_hours_start, Campaign.calling_hours_end,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CampaignTarget:
    """A campaign that UCCE has. `per_cycle` bounds the hand-overs in one sync interval; None is no bound.

    `hands_over` is false for one that is braked, disabled or held (campaigns/holds.py).
    """

    id: int
    version: int
    name: str
    ucce_id: int
    ucce_names: tuple[str, ...]
    enabled: bool
    enabled_in_ucce: bool
    hold: str | None
    hands_over: bool
    per_cycle: int | None
    rule: DialRule
    calling_hours: CallingHours


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """What a campaign tries again. `max_attempts` is how often we hand a callback over: once where UCCE retries."""

    name: str
    max_attempts: int
    delays: Mapping[str, int]

    def delay_after(self, outcome: str) -> timedelta:
        """How long to wait after a result before the next try."""
        return timedelta(minutes=self.delays.get(outcome, DEFAULT_DELAY_MINUTES))


@retried
def campaign_targets(database: Database) -> list[CampaignTarget]:
    """Every campaign that UCCE has. Raises Unavailable."""
    with database.reading() as connection:
        rows = connection.execute(select(*_COLUMNS).where(Campaign.ucce_id.is_not(None)).order_by(Campaign.id)).all()
    return [
        CampaignTarget(
            id=row.id,
            version=row.version,
            name=row.name,
            ucce_id=row.ucce_id,
            ucce_names=tuple(row.ucce_names or ()),
            enabled=row.enabled,
            enabled_in_ucce=row.enabled_in_ucce,
            hold=row.hold,
            hands_over=row.enabled and row.hands_over and row.hold is None,
            per_cycle=row.max_hand_overs_per_cycle,
            rule=DialRule(row.dial_prefix, row.dial_form, row.dial_region, row.dial_international_prefix),
            calling_hours=CallingHours.of(row.calling_hours_start, row.calling_hours_end),
        )
        for row in rows
    ]


@retried
def retry_policies(database: Database) -> dict[int, RetryPolicy]:
    """Of every campaign by id, also of those that UCCE has not (any more). Raises Unavailable."""
    query = select(
        Campaign.id, Campaign.name, Campaign.retries_by_ucce, Campaign.max_attempts, Campaign.retry_delays
    )  # fmt: skip
    with database.reading() as connection:
        return {
            row.id: RetryPolicy(
                row.name, own_attempts(row.retries_by_ucce, row.max_attempts), row.retry_delays or {}
            )
            for row in connection.execute(query)
        }  # fmt: skip
