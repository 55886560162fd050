"""What people decide of a campaign that the master leaves alone in UCCE: take it over, make it anew, switch it on."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.admin_api.campaigns.campaign_sync import CampaignInUcce, CampaignSync
from services.admin_api.campaigns.campaigns import RESOURCE
from services.admin_api.framework import optimistic_locking
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scoped_rows import require_changeable, visible
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.models import Campaign
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.text import name_key

_DECIDED = {
    "hold": None, "held_at": None, "hold_candidates": None, "enabled_in_ucce": False, "sync_state": "pending",
    "sync_message": None, "drift": None,
}  # fmt: skip


@retried
def adopt(database: Database, key: int, chosen: CampaignInUcce, by: CurrentUser, now: datetime) -> CampaignSync:
    """Take over one of the campaigns that the master found in UCCE, as the person who decides saw it.

    Raises `not_found`, `not_held`, `forbidden`, and `already_exists` when it is another campaign of ours.
    """
    with optimistic_locking.integrity_errors_as_problems(RESOURCE, "ucceId"), database.writing() as tx:
        row, skills = _held(tx, key, "not_ours", by)
        if {"ucceId": chosen.ucce_id, "name": chosen.name} not in (row.hold_candidates or []):
            raise DomainError(Code.NOT_HELD, "UCCE has another campaign there by now. Read the state again.")
        values = {"ucce_id": chosen.ucce_id, "ucce_names": [chosen.name], "change_stamp": None}
        state = _decide(tx, row, skills, values, by, now, "adopt")
        tx.commit()
    return state


@retried
def make_anew(database: Database, key: int, by: CurrentUser, now: datetime) -> CampaignSync:
    """Forget which campaign in UCCE it was. Raises `not_found`, `not_held`, and `already_exists` while UCCE has one of
    its name: then there cannot be another."""
    with database.writing() as tx:
        row, skills = _held(tx, key, "not_ours", by)
        namesake = [one for one in row.hold_candidates or [] if name_key(one["name"]) == name_key(row.name)]
        if namesake:
            raise DomainError(
                Code.ALREADY_EXISTS,
                f"UCCE has a campaign {namesake[0]['name']} already ({namesake[0]['ucceId']}). Take that one over, or "
                "give this one another name first.",
            )
        values = {"ucce_id": None, "ucce_names": None, "change_stamp": None, "observed": None}
        state = _decide(tx, row, skills, values, by, now, "make_anew")
        tx.commit()
    return state


@retried
def resume(database: Database, key: int, by: CurrentUser, now: datetime) -> CampaignSync:
    """Let the master switch it on again in UCCE and hand over to it. Raises `not_found`, `not_held`."""
    with database.writing() as tx:
        row, skills = _held(tx, key, "switched_off", by)
        state = _decide(tx, row, skills, {}, by, now, "resume")
        tx.commit()
    return state


def _held(tx: Connection, key: int, hold: str, by: CurrentUser) -> tuple[Any, Collection[int]]:
    """The campaign and the skills it belongs to."""
    row = optimistic_locking.read_row(tx, Campaign, key, RESOURCE, visible(by.scope, Campaign))
    skills = require_changeable(tx, by.scope, Campaign, key)
    if row.hold != hold:
        messages = {
            "not_ours": "The master knows of no other campaign in UCCE in this one's place.",
            "switched_off": "The master has not seen that somebody switched this campaign off in UCCE.",
        }
        raise DomainError(Code.NOT_HELD, messages[hold])
    return row, skills


def _decide(
    tx: Connection,
    row: Any,
    skills: Collection[int],
    values: dict[str, Any],
    by: CurrentUser,
    now: datetime,
    action: str,
) -> CampaignSync:
    """It is an edit: the master, which may be about to write what it saw before, sees another version."""
    optimistic_locking.update_row(tx, Campaign, row, {**_DECIDED, **values}, by=by, now=now)
    before = {"hold": row.hold, "ucce_id": row.ucce_id}
    after = {
        "hold": None,
        "ucce_id": values.get("ucce_id", row.ucce_id),
        "name": (values.get("ucce_names") or [None])[0],
    }
    audit(tx, by, action, "campaigns", row.id, now=now, label=row.name, before=before, after=after, skills=skills)
    bump_version(tx)
    return CampaignSync.of(optimistic_locking.read_row(tx, Campaign, row.id, RESOURCE))
