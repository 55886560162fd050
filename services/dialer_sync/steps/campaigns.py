"""Campaigns: what administrators wish is brought to UCCE, and what UCCE has is written back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, or_, select, update

from services.dialer_sync.context import Term
from services.dialer_sync.mastership import fence
from services.dialer_sync.ucce import campaigns as ucce
from services.dialer_sync.ucce.errors import NotFound, UcceError
from shared.callbacks.catalogue_cache import raise_version
from shared.callbacks.dialing_window import DialingWindow
from shared.callbacks.retries import ucce_parameters
from shared.db.models import Campaign, CampaignSkill, Skill
from shared.db.session import Database, retried
from shared.db.types import fitting

_log = structlog.get_logger(__name__)

_OBSERVED = select(Campaign.parameters, Campaign.found)

LONGEST_MESSAGE = 1000  # of what stands beside a campaign


@dataclass(frozen=True, slots=True)
class Wish:
    """A campaign as administrators want it, in Cisco's terms; `version` is that of the row it was read from."""

    id: int
    version: int
    ucce_id: int | None
    fields: dict[str, Any]
    problem: str | None


def run(term: Term) -> str | None:
    """Create and update the campaigns whose wished state UCCE has not got. Raises UcceError, NotMaster, Unavailable."""
    pending = or_(
        Campaign.sync_state != "in_sync", Campaign.wished_version.is_(None), Campaign.wished_version != Campaign.version
    )
    done = failed = 0
    for wish in wishes(term.database, pending):
        backoff = term.backoff("campaigns", wish.id)
        if backoff.remaining() > 0:
            continue
        try:
            message = _bring(term, wish)
        except UcceError as error:
            # While it is not UCCE that answers, or not to anyone, nothing is known to be wrong with this campaign.
            state = "pending" if error.concerns_all or not error.by_ucce else "error"
            _note(term, wish, {"sync_state": state, "sync_message": fitting(error.message, LONGEST_MESSAGE)})
            term.failed("campaigns", error, wish.id)
            failed += 1
            continue
        if message is None:
            backoff.succeeded()
            done += 1
        else:
            backoff.failed(message)
            failed += 1
    parts = [f"{done} campaigns in sync"] if done else []
    return ", ".join(parts + ([f"{failed} campaigns not in sync"] if failed else [])) or None


@retried
def wishes(database: Database, which: ColumnElement[bool]) -> list[Wish]:
    """The campaigns that `which` selects, as wished. Raises Unavailable."""
    groups = select(
        CampaignSkill.campaign_id, CampaignSkill.dialed_number, CampaignSkill.overflow_agents,
        CampaignSkill.records_to_cache, Skill.name, Skill.ucce_skill_group_id,
    ).join(Skill, Skill.id == CampaignSkill.skill_id)  # fmt: skip
    campaigns = select(
        Campaign.id, Campaign.version, Campaign.ucce_id, Campaign.name, Campaign.description, Campaign.enabled,
        Campaign.parameters, Campaign.retries_by_ucce,
    ).where(which)  # fmt: skip
    with database.reading() as connection:
        skills = connection.execute(groups.order_by(CampaignSkill.skill_id)).all()
        rows = connection.execute(campaigns.order_by(Campaign.id)).all()
    return [_wish(row, [skill for skill in skills if skill.campaign_id == row.id]) for row in rows]


def is_gone(term: Term, ucce_id: int, error: UcceError) -> bool:
    """Whether `error` and UCCE's list of campaigns together prove that UCCE has this campaign no more."""
    if not isinstance(error, NotFound):
        return False
    try:
        return ucce.is_gone(term.client, ucce_id)
    except UcceError as unproven:
        term.note_silence(unproven)
        _log.warning("campaign_list_not_read", ucce_id=ucce_id, problem=unproven.message)
        return False


def forget_if_gone(term: Term, campaign_id: int, ucce_id: int, error: UcceError) -> bool:
    """When UCCE has the campaign no more: have the next cycle look it up by name or create it, and give True."""
    if not is_gone(term, ucce_id, error):
        return False
    _log.warning("campaign_gone", campaign_id=campaign_id, ucce_id=ucce_id)
    lost = {"ucce_id": None, "change_stamp": None, "sync_state": "pending"}
    _set(term, campaign_id, lost, None, Campaign.ucce_id == ucce_id)
    return True


def note_drift(term: Term, wish: Wish, found: ucce.FoundCampaign, drift: dict[str, Any]) -> None:
    """Somebody changed the campaign in UCCE: keep what, and have the wish brought there again."""
    words = f"UCCE had it otherwise: {', '.join(drift)}"
    _note(term, wish, {"drift": drift, "sync_state": "pending", "sync_message": fitting(words, LONGEST_MESSAGE)}, found)


def _wish(row: Any, skills: list[Any]) -> Wish:
    groups = [
        {
            "skillGroup": skill.ucce_skill_group_id,
            "dialedNumber": skill.dialed_number,
            "overflowAgents": skill.overflow_agents,
            "recordsToCache": skill.records_to_cache,
        }
        for skill in skills
    ]
    fields = {
        **ucce_parameters(row.retries_by_ucce, row.parameters),
        "name": row.name,
        "description": row.description or "",
        "enabled": row.enabled,
        "skillGroupInfos": groups,
    }
    missing = [skill.name for skill in skills if skill.ucce_skill_group_id is None]
    problem = f"the skill {missing[0]} has no UCCE skill group" if missing else None
    return Wish(row.id, row.version, row.ucce_id, fields, problem or (None if skills else "it serves no skill"))


def _bring(term: Term, wish: Wish) -> str | None:
    """Bring one wish to UCCE and write back what is there now; why it is not in sync, or None."""
    if wish.problem:
        _note(term, wish, {"sync_state": "error", "sync_message": wish.problem})
        return wish.problem
    found = _find(term, wish)
    if found is None:
        found = ucce.get(term.client, ucce.create(term.client, wish.fields))
        _log.info("campaign_created", campaign=wish.fields["name"], ucce_id=found.id)
    elif ucce.difference(wish.fields, found.fields):
        ucce.update(term.client, found, wish.fields)
        found = ucce.get(term.client, found.id)
    left = ucce.difference(wish.fields, found.fields)
    message = fitting(f"UCCE keeps otherwise: {', '.join(left)}", LONGEST_MESSAGE) if left else None
    state = {"drift": left or None, "sync_state": "error" if left else "in_sync", "sync_message": message}
    _note(term, wish, state | {"wished_version": wish.version}, found)
    return message


def _find(term: Term, wish: Wish) -> ucce.FoundCampaign | None:
    """By its id, else by its name: it may have been created by a call whose answer was lost, or by hand (1.3)."""
    if wish.ucce_id is not None:
        try:
            return ucce.get(term.client, wish.ucce_id)
        except NotFound as error:
            if not is_gone(term, wish.ucce_id, error):
                raise
            _log.warning("campaign_gone", campaign=wish.fields["name"], ucce_id=wish.ucce_id)
    return ucce.find_by_name(term.client, wish.fields["name"])


def _note(term: Term, wish: Wish, state: dict[str, Any], found: ucce.FoundCampaign | None = None) -> None:
    """Write back what was found; the state only if the wish is still the same."""
    now = term.now()
    if found is not None:
        _record_observed(term, wish.id, found, now)
    _set(term, wish.id, state, now, Campaign.version == wish.version)


def note_window(term: Term, wish: Wish, found: ucce.FoundCampaign) -> None:
    """Keep what UCCE has if somebody changed the window there, which we leave to UCCE: bookings keep to it."""
    if _window_differs(term, wish.id, found):
        _record_observed(term, wish.id, found, term.now())


@retried
def _window_differs(term: Term, campaign_id: int, found: ucce.FoundCampaign) -> bool:
    with term.database.reading() as connection:
        parameters, known = connection.execute(_OBSERVED.where(Campaign.id == campaign_id)).one()
    return DialingWindow.of(parameters, known) != DialingWindow.of(parameters, found.fields)


@retried
def _record_observed(term: Term, campaign_id: int, found: ucce.FoundCampaign, now: datetime) -> None:
    """What UCCE has. Its window bounds the slots: where that changes, so does what can be booked."""
    with term.database.writing() as tx:
        fence(tx, term.actor.epoch, now)
        parameters, known = tx.execute(_OBSERVED.where(Campaign.id == campaign_id)).one()
        values = {"ucce_id": found.id, "change_stamp": found.change_stamp, "found": found.fields, "synced_at": now}
        tx.execute(update(Campaign).where(Campaign.id == campaign_id).values(**values))
        if DialingWindow.of(parameters, known) != DialingWindow.of(parameters, found.fields):
            raise_version(tx)
        tx.commit()


@retried
def _set(
    term: Term, campaign_id: int, values: dict[str, Any], now: datetime | None = None, *which: ColumnElement[bool]
) -> None:
    with term.database.writing() as tx:
        fence(tx, term.actor.epoch, now or term.now())
        tx.execute(update(Campaign).where(Campaign.id == campaign_id, *which).values(**values))
        tx.commit()
