"""What UCCE has of a campaign: the state that the master last observed there, and the request to compare again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import null, update

from services.admin_api.campaigns.campaign_schemas import HOLD_HELP, HOLDS, SYNC_STATES
from services.admin_api.campaigns.campaigns import RESOURCE
from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, Instant
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from services.admin_api.identity.scoped_rows import require_changeable, visible
from shared.db.audit import write_audit as audit
from shared.db.models import Campaign
from shared.db.session import Database, retried
from shared.db.skill_links import skills_of
from shared.web.schemas import ApiSchema, Length


class CampaignDifferenceSchema(ApiSchema):
    field = fields.String(required=True, metadata={"description": "Cisco's name; nested ones as a/b"})
    desired = fields.Raw(required=True, allow_none=True)
    observed = fields.Raw(required=True, allow_none=True)


@dataclass(frozen=True, slots=True)
class CampaignInUcce:
    """A campaign as it stands in UCCE."""

    ucce_id: int
    name: str


class CampaignInUcceSchema(DataclassSchema):
    """A campaign as it stands in UCCE."""

    loads = CampaignInUcce

    ucce_id = fields.Integer(required=True, strict=True)
    name = fields.String(required=True, validate=Length(max=255))


class CampaignSyncSchema(ApiSchema):
    """The desired state of a campaign against what the master observed in UCCE."""

    sync_state = fields.String(required=True, validate=validate.OneOf(SYNC_STATES))
    sync_message = fields.String(required=True, allow_none=True, metadata={"description": "UCCE's own words"})
    synced_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata={"description": "Of the desired state"})
    applied_version = fields.Integer(required=True, allow_none=True, metadata={"description": "Last brought to UCCE"})
    ucce_id = fields.Integer(required=True, allow_none=True)
    observed = fields.Dict(required=True, allow_none=True, metadata={"description": "What UCCE has, in its own fields"})
    drift = fields.List(fields.Nested(CampaignDifferenceSchema), required=True)
    hold = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(HOLDS), metadata={"description": HOLD_HELP}
    )
    held_at = Instant(required=True, allow_none=True, metadata={"description": "When it was first seen"})
    hold_found = fields.List(
        fields.Nested(CampaignInUcceSchema),
        required=True,
        metadata={"description": "With not_ours: the campaigns in UCCE that can be taken over"},
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that UCCE has otherwise than desired: Cisco's name, nested ones as a/b."""

    field: str
    desired: Any
    observed: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSync:
    """A CampaignSyncSchema. `applied_version` is the `version` of the desired state that the master last brought to
    UCCE, `observed` the fields that UCCE has, `hold_found` the campaigns there that can be taken over."""

    sync_state: str
    sync_message: str | None
    synced_at: datetime | None
    version: int
    applied_version: int | None
    ucce_id: int | None
    observed: Mapping[str, Any] | None
    drift: Sequence[Difference]
    hold: str | None
    held_at: datetime | None
    hold_found: Sequence[CampaignInUcce]

    @classmethod
    def of(cls, row: Any) -> "CampaignSync":
        """Of a campaign's row."""
        return cls(
            sync_state=row.sync_state,
            sync_message=row.sync_message,
            synced_at=row.synced_at,
            version=row.version,
            applied_version=row.applied_version,
            ucce_id=row.ucce_id,
            observed=row.observed,
            drift=[Difference(field, pair["desired"], pair["observed"]) for field, pair in (row.drift or {}).items()],
            hold=row.hold,
            held_at=row.held_at,
            hold_found=[CampaignInUcce(one["ucceId"], one["name"]) for one in row.hold_candidates or []],
        )


@retried
def read_sync(database: Database, key: int, scope: Scope) -> CampaignSync:
    """The desired against the observed state. Raises `not_found`.

    What UCCE has names all skills of the campaign: who does not see them all is told the state only.
    """
    with database.reading() as connection:
        row = optimistic_locking.read_row(connection, Campaign, key, RESOURCE, visible(scope, Campaign))
        sync = CampaignSync.of(row)
        if scope.includes(skills_of(connection, Campaign, key)):
            return sync
        return replace(sync, observed=None, drift=[], hold_found=[])


@retried
def request_sync(database: Database, key: int, by: CurrentUser, now: datetime) -> CampaignSync:
    """Mark a campaign as not in sync. It is no edit: its version stays. Raises `not_found`, `forbidden`."""
    with database.writing() as tx:
        row = optimistic_locking.read_row(tx, Campaign, key, RESOURCE, visible(by.scope, Campaign))
        skills = require_changeable(tx, by.scope, Campaign, key)
        if row.hold is None:  # the master compares a held one with each cycle, and a person decides of it
            tx.execute(update(Campaign).where(Campaign.id == key).values(sync_state="pending", sync_message=null()))
        audit(tx, by, "sync", "campaigns", key, now=now, label=row.name, skills=skills)
        state = CampaignSync.of(optimistic_locking.read_row(tx, Campaign, key, RESOURCE))
        tx.commit()
    return state
