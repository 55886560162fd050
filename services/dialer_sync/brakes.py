"""The operators' brakes: taking bookings (of a skill, or all) and handing over (of a campaign, or all)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from shared.callbacks.catalogue import Catalogue
from shared.callbacks.catalogue_cache import raise_version
from shared.db.models import Campaign, Setting, Skill
from shared.db.session import Database, retried
from shared.errors import Code, DomainError


@retried
def apply(database: Database, wished: Mapping[str, Any], *, now: datetime, who: str) -> None:
    """Set the brakes that `wished` names, all or none. Raises `unknown_skill`, `unknown_campaign`, Unavailable."""
    with database.writing() as tx:
        if "accept_bookings" in wished:
            if "skill" in wished:
                _set_skill(tx, wished["skill"], wished["accept_bookings"])
            else:
                _set_setting(tx, "accept_bookings", wished["accept_bookings"], now, who)
        if "hand_over" in wished:
            if "campaign" in wished:
                _set_campaign(tx, wished["campaign"], wished["hand_over"])
            else:
                _set_setting(tx, "hand_over", wished["hand_over"], now, who)
        raise_version(tx)
        tx.commit()


def shown(catalogue: Catalogue, database: Database) -> dict[str, Any]:
    """The brakes as operators see them: both global ones, and the skills and campaigns that are paused by theirs."""
    return {
        "acceptBookings": catalogue.settings.accept_bookings,
        "handOver": catalogue.settings.hand_over,
        "pausedSkills": sorted(skill.name for skill in catalogue.skills.values() if not skill.accepts_bookings),
        "pausedCampaigns": _paused_campaigns(database),
    }


@retried
def _paused_campaigns(database: Database) -> list[str]:
    with database.reading() as connection:
        paused = select(Campaign.name).where(~Campaign.hands_over).order_by(Campaign.name)
        return list(connection.execute(paused).scalars())


def _set_skill(tx: Connection, name: str, accepts: bool) -> None:
    # A brake is no edit of its skill or campaign: who edits that meanwhile is not disturbed by a new version.
    if tx.execute(update(Skill).where(Skill.name == name).values(accepts_bookings=accepts)).rowcount != 1:
        raise DomainError(Code.UNKNOWN_SKILL, "There is no skill of this name.")


def _set_campaign(tx: Connection, name: str, hands_over: bool) -> None:
    if tx.execute(update(Campaign).where(Campaign.name == name).values(hands_over=hands_over)).rowcount != 1:
        raise DomainError(Code.UNKNOWN_CAMPAIGN, "There is no campaign of this name.")


def _set_setting(tx: Connection, name: str, value: bool, now: datetime, who: str) -> None:
    values = {"value": value, "changed_at": now, "changed_by": who}
    changed = tx.execute(update(Setting).where(Setting.name == name).values(version=Setting.version + 1, **values))
    if changed.rowcount == 0:
        tx.execute(insert(Setting).values(name=name, version=1, **values))
