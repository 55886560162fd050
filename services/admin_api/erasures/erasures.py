"""Erasures as they are shown: none tells a number, and what is left of one is named by its callbacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from services.admin_api.framework.paging import ListQuery, Page, page_of
from services.admin_api.framework.views import from_row
from shared.db.models import Callback, Campaign, Erasure, Pool, Skill
from shared.db.session import Database, retried

MAX_SHOWN = 100  # callbacks of an erasure that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCallback:
    """A LeftCallbackSchema."""

    account_number: str
    status: str
    skill: str
    campaign: str
    start: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureView:
    """An ErasureSchema."""

    id: int
    requested_at: datetime
    requested_by: str
    callbacks: int
    row_count: int
    do_not_call: bool
    finished_at: datetime | None
    left: int
    left_callbacks: Sequence[LeftCallback]


@retried
def list_page(database: Database, query: ListQuery) -> Page:
    """One page, the latest first."""
    with database.reading() as connection:
        page = page_of(connection, select(*Erasure.__table__.columns), query, sorts={"requestedAt": Erasure.id},
                       tie=Erasure.id.desc())  # fmt: skip
        return page.map(lambda row: _view(connection, row))


@retried
def read_one(database: Database, erasure_id: int) -> ErasureView | None:
    with database.reading() as connection:
        row = connection.execute(select(*Erasure.__table__.columns).where(Erasure.id == erasure_id)).one_or_none()
        return None if row is None else _view(connection, row)


def _view(connection: Connection, row: Any) -> ErasureView:
    if row.finished_at is not None:
        return from_row(ErasureView, row, left=0, left_callbacks=[])
    of_it = Callback.erasure_id == row.id
    left = connection.execute(select(func.count()).select_from(Callback).where(of_it)).scalar_one()
    named = (
        select(Callback.account_number, Callback.status, Callback.start_at, Pool.time_zone,
               Skill.name.label("skill"), Campaign.name.label("campaign"))
        .join(Skill, Skill.id == Callback.skill_id)
        .join(Campaign, Campaign.id == Callback.campaign_id)
        .join(Pool, Pool.id == Callback.pool_id)
        .where(of_it)
        .order_by(Callback.start_at, Callback.account_number)
        .limit(MAX_SHOWN)
    )  # fmt: skip
    callbacks = [
        from_row(LeftCallback, each, start=each.start_at.astimezone(ZoneInfo(each.time_zone)))
        for each in connection.execute(named)
    ]
    return from_row(ErasureView, row, left=left, left_callbacks=callbacks)
