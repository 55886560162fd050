"""Skills: UCCE's skill groups that callbacks are booked for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import fields, validate
from sqlalchemy import Connection, Select, delete, func, select, update

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, EditedSchema, RefSchema, StringId
from services.admin_api.framework.paging import ListQuery, NamedQuery, Page, PageSchema, named_page
from services.admin_api.framework.views import from_row
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, Scoped
from services.admin_api.identity.scoped_rows import visible
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.models import Callback, Campaign, CampaignSkill, Pool, PortalUserSkill, Skill
from shared.db.session import Database, retried
from shared.errors import Code, InvalidInput
from shared.web.dependencies import dependencies
from shared.web.schemas import CleanLines, Length, NameText

RESOURCE = "skill"
blueprint = require_session(AdminBlueprint("skills", __name__, url_prefix="/admin/api/v1/skills", description=__doc__))


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillChanges:
    """What a person may set of a skill."""

    name: str
    description: str | None
    ucce_skill_group_id: int | None
    default_campaign_id: int | None


class SkillWriteSchema(DataclassSchema):
    loads = SkillChanges

    name = NameText(required=True, validate=Length(1, 64), metadata={"description": "As the IVR names it"})
    description = CleanLines(load_default=None, allow_none=True, validate=Length(max=255))
    ucce_skill_group_id = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={"description": "The skill group's id in UCCE (…/skillgroup/<id>)"},
    )
    default_campaign_id = StringId(
        load_default=None, allow_none=True, metadata={"description": "For bookings that name no campaign"}
    )


class SkillSchema(EditedSchema):
    name = fields.String(required=True)
    description = fields.String(required=True, allow_none=True)
    ucce_skill_group_id = fields.Integer(required=True, allow_none=True)
    default_campaign_id = StringId(required=True, allow_none=True)
    default_campaign = fields.String(required=True, allow_none=True)
    accepts_bookings = fields.Boolean(required=True, metadata={"description": "The brake of this skill"})
    campaigns = fields.List(fields.Nested(RefSchema), required=True, metadata={"description": "Those that serve it"})
    has_schedule = fields.Boolean(required=True, metadata={"description": "It, or a campaign with it, has a schedule"})


class SkillPageSchema(PageSchema):
    items = fields.List(fields.Nested(SkillSchema), required=True)


@dataclass(frozen=True, slots=True)
class Reference:
    """A RefSchema."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillView:
    """A SkillSchema."""

    id: int
    version: int
    changed_at: datetime
    changed_by: str | None
    name: str
    description: str | None
    ucce_skill_group_id: int | None
    default_campaign_id: int | None
    default_campaign: str | None
    accepts_bookings: bool
    campaigns: Sequence[Reference]
    has_schedule: bool


@blueprint.route("")
class Skills(MethodView):
    @blueprint.arguments(NamedQuery, location="query")
    @blueprint.response(200, SkillPageSchema)
    @blueprint.operation("listSkills", Role.VIEWER, Scoped.SKILLS)
    def get(self, query: ListQuery) -> Page:
        """List skills"""
        return _page(dependencies().database, query, current_user().scope)

    @blueprint.arguments(SkillWriteSchema, location="json")
    @blueprint.response(201, SkillSchema)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createSkill", Role.SUPERVISOR)
    def post(self, changes: SkillChanges) -> Response:
        """Create a skill"""
        deps = dependencies()
        skill = _create(deps.database, changes, current_user(), deps.now())
        return optimistic_locking.json_with_etag(SkillSchema(), skill, 201)


@blueprint.route("/<key:id>")
class SkillOne(MethodView):
    @blueprint.response(200, SkillSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getSkill", Role.VIEWER, Scoped.SKILLS)
    def get(self, id: int) -> Response:
        """Show a skill"""
        skill = _one(dependencies().database, id, current_user().scope)
        return optimistic_locking.json_with_etag(SkillSchema(), skill)

    @blueprint.arguments(SkillWriteSchema, location="json")
    @blueprint.response(200, SkillSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS)
    @blueprint.operation("updateSkill", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def put(self, changes: SkillChanges, id: int) -> Response:
        """Change a skill"""
        deps = dependencies()
        skill = _update(deps.database, id, changes, current_user(), deps.now())
        return optimistic_locking.json_with_etag(SkillSchema(), skill)

    @blueprint.response(204)
    @blueprint.refuses(Code.NOT_FOUND, Code.IN_USE)
    @blueprint.operation("deleteSkill", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def delete(self, id: int) -> None:
        """Delete a skill that was never used"""
        deps = dependencies()
        _delete(deps.database, id, current_user(), deps.now())


def _query() -> Select[*tuple[Any, ...]]:
    pools = select(func.count()).where(Pool.skill_id == Skill.id).correlate(Skill).scalar_subquery()
    return select(*Skill.__table__.columns, Campaign.name.label("default_campaign"), pools.label("pools")).outerjoin(
        Campaign, Campaign.id == Skill.default_campaign_id
    )


@retried
def _page(database: Database, query: ListQuery, scope: Scope) -> Page:
    with database.reading() as connection:
        result = named_page(
            connection, _query().where(*visible(scope, Skill)), query, Skill, search=[Skill.description]
        )
        return replace(result, items=_to_response(connection, result.items))


@retried
def _one(database: Database, key: int, scope: Scope) -> SkillView:
    with database.reading() as connection:
        return _read(connection, key, scope)


def _read(connection: Connection, key: int, scope: Scope) -> SkillView:
    row = connection.execute(_query().where(Skill.id == key, *visible(scope, Skill))).one_or_none()
    return _to_response(connection, [optimistic_locking.require_row(row, RESOURCE)])[0]


def _to_response(connection: Connection, rows: Sequence[Any]) -> list[SkillView]:
    served: dict[int, list[Reference]] = {}
    statement = (
        select(CampaignSkill.skill_id, Campaign.id, Campaign.name)
        .join(Campaign, Campaign.id == CampaignSkill.campaign_id)
        .where(CampaignSkill.skill_id.in_([row.id for row in rows]))
        .order_by(Campaign.name)
    )
    for row in connection.execute(statement):
        served.setdefault(row.skill_id, []).append(Reference(row.id, row.name))
    return [from_row(SkillView, row, campaigns=served.get(row.id, []), has_schedule=bool(row.pools)) for row in rows]


@retried
def _create(database: Database, changes: SkillChanges, by: CurrentUser, now: datetime) -> SkillView:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        _check_campaign(tx, changes, by.scope)
        key = optimistic_locking.insert_row(tx, Skill, {**asdict(changes), "accepts_bookings": True}, by=by, now=now)
        audit(tx, by, "create", "skills", key, now=now, label=changes.name, after=asdict(changes), skills=[key])
        bump_version(tx)
        skill = _read(tx, key, by.scope)
        tx.commit()
    return skill


@retried
def _update(database: Database, key: int, changes: SkillChanges, by: CurrentUser, now: datetime) -> SkillView:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        before = optimistic_locking.read_for_update(tx, Skill, key, RESOURCE, visible(by.scope, Skill))
        _check_campaign(tx, changes, by.scope)
        optimistic_locking.update_row(tx, Skill, before, asdict(changes), by=by, now=now)
        if before.ucce_skill_group_id != changes.ucce_skill_group_id:
            _sync_campaigns(tx, key, by, now)
        audit(tx, by, "update", "skills", key, now=now, label=changes.name,
              before={name: before._mapping[name] for name in asdict(changes)}, after=asdict(changes),
              skills=[key])  # fmt: skip
        bump_version(tx)
        skill = _read(tx, key, by.scope)
        tx.commit()
    return skill


@retried
def _delete(database: Database, key: int, by: CurrentUser, now: datetime) -> None:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        row = optimistic_locking.read_for_update(tx, Skill, key, RESOURCE, visible(by.scope, Skill))
        optimistic_locking.require_unused(RESOURCE, _referenced_by(tx, key))
        tx.execute(delete(PortalUserSkill).where(PortalUserSkill.skill_id == key))
        optimistic_locking.delete_row(tx, Skill, row)
        audit(tx, by, "delete", "skills", key, now=now, label=row.name, before={"name": row.name}, skills=[key])
        bump_version(tx)
        tx.commit()


def _check_campaign(tx: Connection, changes: SkillChanges, scope: Scope) -> None:
    key = changes.default_campaign_id
    existing = select(Campaign.id).where(Campaign.id == key, *visible(scope, Campaign))
    if key is not None and tx.execute(existing).one_or_none() is None:
        raise InvalidInput({"defaultCampaignId": ["There is no such campaign."]})


def _sync_campaigns(tx: Connection, key: int, by: CurrentUser, now: datetime) -> None:
    """UCCE's campaigns name the skill group: the master must bring the new one to those that serve this skill."""
    serving = select(CampaignSkill.campaign_id).where(CampaignSkill.skill_id == key)
    tx.execute(
        update(Campaign)
        .where(Campaign.id.in_(serving))
        .values(version=Campaign.version + 1, changed_at=now, changed_by=by.who, sync_state="pending")
    )


def _referenced_by(tx: Connection, key: int) -> list[str]:
    campaigns = select(Campaign.name).join(CampaignSkill, CampaignSkill.campaign_id == Campaign.id)
    names = tx.execute(campaigns.where(CampaignSkill.skill_id == key).order_by(Campaign.name)).scalars()
    references = [f"campaign {name!r}" for name in names]
    if tx.execute(select(Pool.id).where(Pool.skill_id == key).limit(1)).first() is not None:
        references.append("a schedule of this skill")
    if tx.execute(select(Callback.account_number).where(Callback.skill_id == key).limit(1)).first() is not None:
        references.append("callbacks booked for it")
    return references
