"""The brakes: whether bookings are taken (all, or a skill's) and callbacks handed over (all, or a campaign's)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, literal, select, update

from services.admin_api.framework import optimistic_locking
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.operations.stored_settings import put_value, value_of
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.columns import Json
from shared.db.models import Campaign, Setting, Skill
from shared.db.session import Database, retried
from shared.errors import InvalidInput


def brakes_state(connection: Connection) -> dict[str, Any]:
    """A BrakesSchema."""
    skills = select(Skill.id, Skill.name).where(~Skill.accepts_bookings).order_by(Skill.name)
    campaigns = select(Campaign.id, Campaign.name).where(~Campaign.hands_over).order_by(Campaign.name)
    return {
        "accept_bookings": value_of(connection, "accept_bookings"),
        "hand_over": value_of(connection, "hand_over"),
        "hand_over_stopped_by": _stopped_by(connection),
        "paused_skills": connection.execute(skills).all(),
        "paused_campaigns": connection.execute(campaigns).all(),
    }


def _stopped_by(connection: Connection) -> str | None:
    off = select(Setting.changed_by).where(Setting.name == "hand_over", Setting.value == literal(False, Json))
    return connection.execute(off).scalar()


@retried
def apply(database: Database, wish: dict[str, Any], by: CurrentUser, now: datetime) -> dict[str, Any]:
    """Set what `wish` says (BrakesWriteSchema). Raises `not_found` and validation errors."""
    _check(wish)
    with database.writing() as tx:
        if "accept_bookings" in wish:
            _set(tx, "accept_bookings", wish["accept_bookings"], Skill, wish.get("skill_id"), by, now)
        if "hand_over" in wish:
            _set(tx, "hand_over", wish["hand_over"], Campaign, wish.get("campaign_id"), by, now)
        bump_version(tx)
        answer = brakes_state(tx)
        tx.commit()
    return answer


def _check(wish: dict[str, Any]) -> None:
    errors = {}
    if "accept_bookings" not in wish and "hand_over" not in wish:
        errors["acceptBookings"] = ["Send acceptBookings, handOver or both."]
    if "skill_id" in wish and "accept_bookings" not in wish:
        errors["skillId"] = ["A skill's brake is acceptBookings."]
    if "campaign_id" in wish and "hand_over" not in wish:
        errors["campaignId"] = ["A campaign's brake is handOver."]
    if errors:
        raise InvalidInput(errors)


def _set(tx: Connection, name: str, on: bool, model: Any, key: int | None, by: CurrentUser, now: datetime) -> None:
    """A brake is no edit of its skill or campaign: whoever edits that meanwhile is not disturbed."""
    if key is None:
        before = value_of(tx, name)
        put_value(tx, name, on, by=by, now=now)
        audit(tx, by, "brake", "brakes", name, now=now, before={name: before}, after={name: on})
        return
    what = "skill" if model is Skill else "campaign"
    column = Skill.accepts_bookings if model is Skill else Campaign.hands_over
    row = optimistic_locking.read_row(tx, model, key, what)
    tx.execute(update(model).where(model.id == key).values({column: on}))
    audit(tx, by, "brake", f"{what}s", key, now=now, label=row.name, before={name: row._mapping[column.name]},
          after={name: on})  # fmt: skip
