"""The brakes: whether callbacks are booked (all, or of one skill) and handed over (all, or of one campaign).

The two brakes of everything are settings. A skill's and a campaign's are columns of its row; setting them leaves the
row's version alone, so that a person who edits the skill or the campaign meanwhile is not refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, literal, select, update

from shared.callbacks.config_cache import bump_version
from shared.callbacks.stored_settings import read_setting, write_setting
from shared.db.audit import Actor, write_audit
from shared.db.columns import Json
from shared.db.models import Campaign, Setting, Skill
from shared.db.session import Database, retried
from shared.db.skill_links import skills_of
from shared.errors import Code, DomainError, InvalidInput
from shared.text import name_key


@dataclass(frozen=True, slots=True)
class BrakeChange:
    """What to set; None leaves a brake as it is. `skill` and `campaign` are ids or names."""

    accept_bookings: bool | None = None
    hand_over: bool | None = None
    skill: int | str | None = None
    campaign: int | str | None = None

    def check(self, *, skill_field: str, campaign_field: str) -> None:
        """Raises a validation error, by the caller's names of its fields, when a brake is named but not set."""
        errors = {}
        if self.accept_bookings is None and self.hand_over is None:
            errors["acceptBookings"] = ["Send acceptBookings, handOver or both."]
        if self.skill is not None and self.accept_bookings is None:
            errors[skill_field] = ["A skill's brake is acceptBookings."]
        if self.campaign is not None and self.hand_over is None:
            errors[campaign_field] = ["A campaign's brake is handOver."]
        if errors:
            raise InvalidInput(errors)


@dataclass(frozen=True, slots=True)
class Paused:
    """A skill that takes no bookings by its own brake, or a campaign that is handed nothing by its own."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class BrakesState:
    """`hand_over_stopped_by` is who switched handing over off for everything, as the audit log names them."""

    accept_bookings: bool
    hand_over: bool
    hand_over_stopped_by: str | None
    paused_skills: Sequence[Paused]
    paused_campaigns: Sequence[Paused]


@dataclass(frozen=True, slots=True)
class _Brake:
    """The setting that brakes everything, and the column that brakes one row of `model`."""

    setting: str
    model: Any
    column: Any
    noun: str
    unknown: Code


_BOOKING = _Brake("accept_bookings", Skill, Skill.accepts_bookings, "skill", Code.UNKNOWN_SKILL)
_HAND_OVER = _Brake("hand_over", Campaign, Campaign.hands_over, "campaign", Code.UNKNOWN_CAMPAIGN)
_STOPPED = (Setting.name == "hand_over", Setting.value == literal(False, Json))


@retried
def set_brakes(database: Database, change: BrakeChange, *, by: Actor, now: datetime) -> BrakesState:
    """Set what `change` says, all or nothing, each with its row in the audit log; the state of all brakes after it.

    Raises `not_found` for an unknown id, `unknown_skill` or `unknown_campaign` for an unknown name, Unavailable.
    """
    with database.writing() as tx:
        if change.accept_bookings is not None:
            _set(tx, _BOOKING, change.skill, change.accept_bookings, by, now)
        if change.hand_over is not None:
            _set(tx, _HAND_OVER, change.campaign, change.hand_over, by, now)
        bump_version(tx)
        state = read_brakes(tx)
        tx.commit()
    return state


def stop_hand_over(tx: Connection, reason: str, *, by: Actor, now: datetime) -> None:
    """Switch handing over off for everything, for the `reason` that the audit log keeps."""
    _set_everything(tx, _HAND_OVER, False, by, now, reason)
    bump_version(tx)


def read_brakes(connection: Connection) -> BrakesState:
    """Both brakes of everything, and the skills and campaigns that are paused by their own, by name."""
    return BrakesState(
        accept_bookings=read_setting(connection, "accept_bookings"),
        hand_over=read_setting(connection, "hand_over"),
        hand_over_stopped_by=connection.scalar(hand_over_stopped_by()),
        paused_skills=_paused(connection, _BOOKING),
        paused_campaigns=_paused(connection, _HAND_OVER),
    )


def hand_over_stopped_by() -> Select[str | None]:
    """The query for who switched handing over off for everything; no row while it is on."""
    return select(Setting.changed_by).where(*_STOPPED)


def hand_over_is_stopped() -> ColumnElement[bool]:
    """The condition that handing over is switched off for everything."""
    return exists().where(*_STOPPED)


def _paused(connection: Connection, brake: _Brake) -> list[Paused]:
    paused = select(brake.model.id, brake.model.name).where(~brake.column).order_by(brake.model.name)
    return [Paused(row.id, row.name) for row in connection.execute(paused)]


def _set(tx: Connection, brake: _Brake, key: int | str | None, on: bool, by: Actor, now: datetime) -> None:
    if key is None:
        _set_everything(tx, brake, on, by, now)
        return
    row = _row(tx, brake, key)
    tx.execute(update(brake.model).where(brake.model.id == row.id).values({brake.column: on}))
    before, after = {brake.setting: row.on}, {brake.setting: on}
    write_audit(tx, by, "brake", f"{brake.noun}s", row.id, now=now, label=row.name, before=before, after=after,
                skills=skills_of(tx, brake.model, row.id))  # fmt: skip


def _set_everything(
    tx: Connection, brake: _Brake, on: bool, by: Actor, now: datetime, reason: str | None = None
) -> None:
    before, after = {brake.setting: read_setting(tx, brake.setting)}, {brake.setting: on}
    write_setting(tx, brake.setting, on, by=by, now=now)
    write_audit(tx, by, "brake", "brakes", brake.setting, now=now, before=before,
                after=after if reason is None else {**after, "reason": reason})  # fmt: skip


def _row(tx: Connection, brake: _Brake, key: int | str) -> Any:
    """The row of an id or a name."""
    named = brake.model.id == key if isinstance(key, int) else brake.model.name_key == name_key(key)
    statement = select(brake.model.id, brake.model.name, brake.column.label("on")).where(named)
    row = tx.execute(statement).one_or_none()
    if row is not None:
        return row
    if isinstance(key, int):
        raise DomainError(Code.NOT_FOUND, f"There is no such {brake.noun}.")
    raise DomainError(brake.unknown, f"There is no {brake.noun} of this name.")
