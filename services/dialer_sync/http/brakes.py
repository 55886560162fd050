"""The operators' brakes: taking bookings (of a skill, or all) and handing over (of a campaign, or all)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from shared.callbacks.config_cache import bump_version
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.settings import described
from shared.db.audit import Author, write_audit
from shared.db.models import Campaign, Setting, Skill
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.text import name_key


@retried
def apply(database: Database, wished: Mapping[str, Any], *, now: datetime, by: Author) -> None:
    """Set the brakes that `wished` names, all or none, each with its row in the audit log.

    Raises `unknown_skill`, `unknown_campaign`, Unavailable.
    """
    with database.writing() as tx:
        if "accept_bookings" in wished:
            if "skill" in wished:
                _set_skill(tx, wished["skill"], wished["accept_bookings"], now, by)
            else:
                _set_setting(tx, "accept_bookings", wished["accept_bookings"], now, by)
        if "hand_over" in wished:
            if "campaign" in wished:
                _set_campaign(tx, wished["campaign"], wished["hand_over"], now, by)
            else:
                _set_setting(tx, "hand_over", wished["hand_over"], now, by)
        bump_version(tx)
        tx.commit()


def stop_hand_over(tx: Connection, reason: str, now: datetime, by: Author) -> None:
    """Switch handing over off for everything, by the worker itself; a person switches it on again."""
    _set_setting(tx, "hand_over", False, now, by, reason)
    bump_version(tx)


def brakes_state(snapshot: ConfigSnapshot, database: Database) -> dict[str, Any]:
    """The brakes as operators see them: both global ones, and the skills and campaigns that are paused by theirs."""
    return {
        "acceptBookings": snapshot.settings.accept_bookings,
        "handOver": snapshot.settings.hand_over,
        "pausedSkills": sorted(skill.name for skill in snapshot.skills.values() if not skill.accepts_bookings),
        "pausedCampaigns": _paused_campaigns(database),
    }


@retried
def _paused_campaigns(database: Database) -> list[str]:
    with database.reading() as connection:
        paused = select(Campaign.name).where(~Campaign.hands_over).order_by(Campaign.name)
        return list(connection.execute(paused).scalars())


def _set_skill(tx: Connection, name: str, accepts: bool, now: datetime, by: Author) -> None:
    # A brake is no edit of its skill or campaign: who edits that meanwhile is not disturbed by a new version.
    skill = tx.execute(
        select(Skill.id, Skill.name, Skill.accepts_bookings).where(Skill.name_key == name_key(name))
    ).one_or_none()
    if skill is None:
        raise DomainError(Code.UNKNOWN_SKILL, "There is no skill of this name.")
    tx.execute(update(Skill).where(Skill.id == skill.id).values(accepts_bookings=accepts))
    write_audit(tx, by, "brake", "skills", skill.id, now=now, label=skill.name,
           before={"accept_bookings": skill.accepts_bookings}, after={"accept_bookings": accepts})  # fmt: skip


def _set_campaign(tx: Connection, name: str, hands_over: bool, now: datetime, by: Author) -> None:
    query = select(Campaign.id, Campaign.name, Campaign.hands_over).where(Campaign.name_key == name_key(name))
    campaign = tx.execute(query).one_or_none()
    if campaign is None:
        raise DomainError(Code.UNKNOWN_CAMPAIGN, "There is no campaign of this name.")
    tx.execute(update(Campaign).where(Campaign.id == campaign.id).values(hands_over=hands_over))
    write_audit(tx, by, "brake", "campaigns", campaign.id, now=now, label=campaign.name,
           before={"hand_over": campaign.hands_over}, after={"hand_over": hands_over})  # fmt: skip


def _set_setting(tx: Connection, name: str, value: bool, now: datetime, by: Author, reason: str | None = None) -> None:
    row = tx.execute(select(Setting.value).where(Setting.name == name)).one_or_none()
    values = {"value": value, "changed_at": now, "changed_by": by.who}
    if row is None:
        tx.execute(insert(Setting).values(name=name, version=1, **values))
    else:
        tx.execute(update(Setting).where(Setting.name == name).values(version=Setting.version + 1, **values))
    before = described()[name].default if row is None else row.value
    after = {name: value} if reason is None else {name: value, "reason": reason}
    write_audit(tx, by, "brake", "brakes", name, now=now, before={name: before}, after=after)
