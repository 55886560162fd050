"""Holds: what keeps the master from a campaign in UCCE until a person decides (services/README.md, decision 17).

A campaign there whose name is none that we gave it is not ours (`not_ours`): a database that was moved to another UCCE
knows ids that stand for strangers there. One of ours that somebody switched off there, by the Campaign API's disable of
all campaigns or by hand, stays off (`switched_off`). Nothing is changed in UCCE or handed over meanwhile.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy import select, update

from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from services.dialer_sync.ucce.campaigns import ObservedCampaign
from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.models import Attempt, Campaign
from shared.db.session import retried
from shared.text import name_key

_log = structlog.get_logger(__name__)

NOT_OURS, SWITCHED_OFF = "not_ours", "switched_off"
MAX_MESSAGE_LENGTH = 1000


class OurCampaign(Protocol):
    """What we know of a campaign of ours; `enabled` is as administrators want it."""

    @property
    def id(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def ucce_names(self) -> Collection[str]: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def enabled_in_ucce(self) -> bool: ...
    @property
    def hold(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a campaign is left alone; `candidates` are those in UCCE that a person may take over."""

    reason: str
    message: str
    candidates: tuple[ObservedCampaign, ...] = ()


def is_ours(ours: OurCampaign, observed: ObservedCampaign) -> bool:
    """Whether the campaign bears a name that we gave it; UCCE may have trimmed it or changed its case."""
    return name_key(observed.name) in {name_key(name) for name in ours.ucce_names}


def hold_of(ours: OurCampaign, observed: ObservedCampaign) -> Hold | None:
    """Why the campaign must be left alone, now that this was found under its id in UCCE."""
    if not is_ours(ours, observed):
        names = " or ".join(ours.ucce_names) or "nothing"
        message = f"Campaign {observed.id} in UCCE is called {observed.name}, and what we wrote there is called {names}"
        return Hold(NOT_OURS, f"{message}: it is not ours. {_WAITING}", (observed,))
    stopped = ours.enabled_in_ucce and observed.is_switched_off
    if ours.enabled and (stopped or ours.hold == SWITCHED_OFF):
        return switched_off(observed)
    return None


_WAITING = "Nothing is changed there or handed over until somebody decides."


def switched_off(observed: ObservedCampaign) -> Hold:
    """UCCE does not tell who it was."""
    message = "It was switched off in UCCE, by an emergency stop (campaign/disable) or by hand"
    now = "" if observed.is_switched_off else "; UCCE has it switched on again"
    return Hold(SWITCHED_OFF, f"{message}{now}. Nothing is handed over until somebody resumes it here.")


@retried
def record_hold(context: CycleContext, ours: OurCampaign, hold: Hold) -> None:
    """Have the campaign left alone, unless a person changed it meanwhile. Raises StaleEpoch, Unavailable."""
    now = context.now()
    candidates = [{"ucceId": one.id, "name": one.name} for one in hold.candidates]
    values: dict[str, Any] = {
        "hold": hold.reason, "hold_candidates": candidates or None, "sync_state": "error",
        "sync_message": truncate_utf16(hold.message, MAX_MESSAGE_LENGTH),
    }  # fmt: skip
    if ours.hold != hold.reason:
        values["held_at"] = now
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        same = (Campaign.id == ours.id, Campaign.version == ours.version)
        tx.execute(update(Campaign).where(*same).values(**explicit_nulls(values)))
        tx.commit()
    if ours.hold != hold.reason:
        _log.warning("campaign_held", campaign=ours.name, reason=hold.reason, message=hold.message)


@retried
def taken_ids(context: CycleContext, campaign_id: int) -> set[int]:
    """The campaigns in UCCE that are other ones of ours. Raises Unavailable."""
    query = select(Campaign.ucce_id).where(Campaign.ucce_id.is_not(None), Campaign.id != campaign_id)
    with context.database.reading() as connection:
        return {key for key in connection.execute(query).scalars() if key is not None}


@retried
def sent_to(context: CycleContext, campaign_id: int, observed: Sequence[ObservedCampaign]) -> set[int]:
    """Which of these campaigns in UCCE we handed callbacks of this campaign to: a database that was put back may have
    forgotten that it made them, and finds its contacts there again. Raises Unavailable."""
    ids = [one.id for one in observed]
    query = select(Attempt.ucce_campaign_id).where(
        Attempt.campaign_id == campaign_id, Attempt.ucce_campaign_id.in_(ids)
    )
    with context.database.reading() as connection:
        return {key for key in connection.execute(query.distinct()).scalars() if key is not None}


def of_same_name(ours: OurCampaign, observed: Sequence[ObservedCampaign]) -> Hold:
    """UCCE has a campaign of the name that ours is to have, and we did not make it."""
    ids = ", ".join(str(one.id) for one in observed)
    return Hold(NOT_OURS, f"UCCE has a campaign {ours.name} ({ids}) that we did not make. {_WAITING}", tuple(observed))
