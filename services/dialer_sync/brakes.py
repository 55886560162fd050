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
        stamp = {"changed_at": now, "changed_by": who}
        if "accept_bookings" in wished:
            value = wished["accept_bookings"]
            if "skill" in wished:
                _set_skill(tx, wished["skill"], {"accepts_bookings": value, **stamp})
            else:
                _set_setting(tx, "accept_bookings", {"value": value, **stamp})
        if "hand_over" in wished:
            value = wished["hand_over"]
            if "campaign" in wished:
                _set_campaign(tx, wished["campaign"], {"hands_over": value, **stamp})
            else:
                _set_setting(tx, "hand_over", {"value": value, **stamp})
        raise_version(tx)
        tx.commit()


def shown(catalogue: Catalogue, database: Database) -> dict[str, Any]:
    """The brakes as operators see them: both global ones, and the skills and campaigns that are held by theirs."""
    return {
        "acceptBookings": catalogue.settings.accept_bookings,
        "handOver": catalogue.settings.hand_over,
        "heldSkills": sorted(skill.name for skill in catalogue.skills.values() if not skill.accepts_bookings),
        "heldCampaigns": _held_campaigns(database),
    }


@retried
def _held_campaigns(database: Database) -> list[str]:
    with database.reading() as connection:
        held = select(Campaign.name).where(Campaign.hands_over.is_(False)).order_by(Campaign.name)
        return list(connection.execute(held).scalars())


def _set_skill(tx: Connection, name: str, values: dict[str, Any]) -> None:
    changed = tx.execute(update(Skill).where(Skill.name == name).values(version=Skill.version + 1, **values))
    if changed.rowcount != 1:
        raise DomainError(Code.UNKNOWN_SKILL, "There is no skill of this name.")


def _set_campaign(tx: Connection, name: str, values: dict[str, Any]) -> None:
    changed = tx.execute(update(Campaign).where(Campaign.name == name).values(version=Campaign.version + 1, **values))
    if changed.rowcount != 1:
        raise DomainError(Code.UNKNOWN_CAMPAIGN, "There is no campaign of this name.")


def _set_setting(tx: Connection, name: str, values: dict[str, Any]) -> None:
    changed = tx.execute(update(Setting).where(Setting.name == name).values(version=Setting.version + 1, **values))
    if changed.rowcount == 0:
        tx.execute(insert(Setting).values(name=name, version=1, **values))
