"""Audit log: who did what, when, from where."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask.views import MethodView
from marshmallow import fields
from sqlalchemy import select

from services.admin_api.framework.fields import Instant, StringId, no_default
from services.admin_api.framework.paging import ListQuery, Page, PageQuery, PageSchema, page_of, sort_field
from services.admin_api.framework.time_range import OF_THE_SYSTEM, TimeRange, bound_field
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, Scoped
from services.admin_api.identity.scoped_rows import visible
from shared.db.models import AuditLog
from shared.db.session import Database, retried
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema, Length, NameText, Text

blueprint = require_session(
    AdminBlueprint("audit-log", __name__, url_prefix="/admin/api/v1/audit-log", description=__doc__)
)


class AuditEntrySchema(ApiSchema):
    id = StringId(required=True)
    at = Instant(required=True)
    who = fields.String(required=True, metadata={"description": "user:<name>, client:<name>"})
    action = fields.String(required=True)
    resource = fields.String(required=True)
    resource_id = fields.String(required=True, allow_none=True)
    label = fields.String(required=True, allow_none=True, metadata={"description": "The name it had then"})
    before = fields.Dict(required=True, allow_none=True, metadata={"description": "What changed, as it was"})
    after = fields.Dict(required=True, allow_none=True, metadata={"description": "What changed, as it is"})
    address = fields.String(required=True, allow_none=True)
    request_id = fields.String(required=True, allow_none=True)


class AuditPageSchema(PageSchema):
    items = fields.List(fields.Nested(AuditEntrySchema), required=True)


@dataclass(frozen=True, kw_only=True)
class AuditFilters(ListQuery):
    """The parameters of the list; None filters nothing."""

    who: str | None
    resource: str | None
    resource_id: str | None
    action: str | None
    from_: str | None
    to: str | None


class AuditQuery(PageQuery):
    """`q` is a part of the name of what was changed."""

    loads = AuditFilters

    sort = sort_field("at", default="-at")
    who = NameText(
        load_default=no_default, validate=Length(1, 64), metadata={"description": "A user's name, or an API client's"}
    )
    resource = Text(load_default=no_default, validate=Length(1, 32))
    resource_id = Text(load_default=no_default, validate=Length(1, 64))
    action = Text(load_default=no_default, validate=Length(1, 32))
    from_ = bound_field(f"Since then: {OF_THE_SYSTEM}", "from")
    to = bound_field(f"Before then, of a date to its end: {OF_THE_SYSTEM}")


@blueprint.route("")
class Audit(MethodView):
    @blueprint.arguments(AuditQuery, location="query")
    @blueprint.response(200, AuditPageSchema)
    @blueprint.operation("listAuditLog", Role.SUPERVISOR, Scoped.SKILLS)
    def get(self, query: AuditFilters) -> Page:
        """List what was done, the latest first"""
        deps = dependencies()
        zone = ZoneInfo(deps.config_cache.current().settings.default_time_zone)
        return _page(deps.database, query, current_user().scope, zone, deps.now())


@retried
def _page(database: Database, query: AuditFilters, scope: Scope, zone: ZoneInfo, now: datetime) -> Page:
    statement = select(*AuditLog.__table__.columns).where(*visible(scope, AuditLog))
    if query.who:
        statement = statement.where(AuditLog.who.in_((f"user:{query.who.casefold()}", f"client:{query.who}")))
    for name in ("resource", "resource_id", "action"):
        if value := getattr(query, name):
            statement = statement.where(getattr(AuditLog, name) == value)
    times = TimeRange.of(query.from_, query.to, now)
    statement = statement.where(*times.in_zone(AuditLog.at, zone))
    with database.reading() as connection:
        return page_of(connection, statement, query, sorts={"at": AuditLog.at}, tie=AuditLog.id.desc(),
                       search=[AuditLog.label])  # fmt: skip
