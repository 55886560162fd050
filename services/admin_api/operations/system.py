"""System: the nodes, who is master and was, and what we depend on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask.views import MethodView
from marshmallow import fields
from sqlalchemy import select

from services.admin_api.framework.fields import Instant
from services.admin_api.framework.paging import ListQuery, Page, PageQuery, PageSchema, page_of, sort_field
from services.admin_api.framework.views import from_row
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, Scoped
from services.admin_api.operations import worker_status
from services.admin_api.operations.live_schemas import MasterSchema
from shared import __version__
from shared.db.models import MastershipTerm
from shared.db.schema_version import schema_state
from shared.db.session import Database, retried
from shared.redis_client import RedisClient
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema

blueprint = require_session(AdminBlueprint("system", __name__, url_prefix="/admin/api/v1/system", description=__doc__))


class NodeSchema(ApiSchema):
    """A worker, by its own word. `alive`: heard of lately."""

    node = fields.String(required=True)
    version = fields.String(required=True)
    role = fields.String(required=True)
    seen_at = Instant(required=True)
    alive = fields.Boolean(required=True)
    status = fields.Dict(required=True)


class TermSchema(ApiSchema):
    """One mastership. Without an end it goes on."""

    epoch = fields.Integer(required=True)
    node = fields.String(required=True)
    began_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    end_reason = fields.String(required=True, allow_none=True)


class TermPageSchema(PageSchema):
    items = fields.List(fields.Nested(TermSchema), required=True)


class TermsQuery(PageQuery):
    sort = sort_field("epoch", default="-epoch")


class DependencySchema(ApiSchema):
    name = fields.String(required=True)
    ok = fields.Boolean(required=True, allow_none=True, metadata={"description": "null: not known"})
    detail = fields.String(required=True)


class SystemSchema(ApiSchema):
    at = Instant(required=True)
    version = fields.String(required=True, metadata={"description": "Of the node that answers"})
    node = fields.String(required=True)
    database = fields.String(required=True, metadata={"description": "sqlite or mssql"})
    schema_revision = fields.String(required=True, allow_none=True)
    features = fields.List(
        fields.String(), required=True, metadata={"description": "Optional parts that are switched on"}
    )
    master = fields.Nested(MasterSchema, required=True)
    nodes = fields.List(fields.Nested(NodeSchema), required=True)
    dependencies = fields.List(fields.Nested(DependencySchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """A NodeSchema."""

    node: str
    version: str
    role: str
    seen_at: datetime
    alive: bool
    status: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dependency:
    """A DependencySchema: a part that the product needs, `ok` None where it is not known."""

    name: str
    ok: bool | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkersView:
    """What the database knows of the workers, and what the master says of its dependencies."""

    master: worker_status.MasterState
    nodes: Sequence[NodeView]
    dependencies: Sequence[Dependency]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemView(WorkersView):
    """A SystemSchema."""

    at: datetime
    version: str
    node: str
    database: str
    schema_revision: str | None
    features: Sequence[str]


@blueprint.route("")
class System(MethodView):
    @blueprint.response(200, SystemSchema)
    @blueprint.operation("getSystem", Role.VIEWER, Scoped.SKILLS, background=True)
    def get(self) -> SystemView:
        """Nodes, versions, the master, dependencies"""
        deps, config = dependencies(), current_app.config
        database, now = deps.database, deps.now()
        workers = _workers(database, current_user().scope, now)
        revision, _ = schema_state(database)
        return SystemView(
            master=workers.master,
            nodes=workers.nodes,
            dependencies=[
                Dependency("database", True, f"{database.dialect}, schema {revision}"),
                _redis(deps.cache),
                *workers.dependencies,
            ],
            at=now,
            version=__version__,
            node=config["NODE"],
            database=database.dialect,
            schema_revision=revision,
            features=["Finesse gadget"] if config["GADGET"] else [],
        )


@blueprint.route("/masterships")
class Masterships(MethodView):
    @blueprint.arguments(TermsQuery, location="query")
    @blueprint.response(200, TermPageSchema)
    @blueprint.operation("listMasterships", Role.VIEWER, Scoped.COMMON)
    def get(self, query: ListQuery) -> Page:
        """Who was master when, and why it ended"""
        return _terms(dependencies().database, query)


def _redis(cache: RedisClient) -> Dependency:
    answers = cache.ping()
    return Dependency("redis", answers, "answers" if answers else "does not answer: without it rate limits are open")


@retried
def _workers(database: Database, scope: Scope, now: datetime) -> WorkersView:
    with database.reading() as connection:
        rows, ucce = worker_status.workers(connection), worker_status.ucce(connection, scope, now)
        masters = [row for row in rows if worker_status.is_alive(row, now) and row.role == "master"]
        return WorkersView(
            master=worker_status.master(connection, scope, now),
            nodes=[
                from_row(
                    NodeView, row, alive=worker_status.is_alive(row, now), status=worker_status.status_of(row, scope)
                )
                for row in rows
            ],
            dependencies=[
                Dependency("zookeeper", True if masters else None, "as the workers find it: there is a master or not"),
                Dependency("ucce", ucce.reachable, ucce.last_error or "as the master finds it"),
            ],
        )


@retried
def _terms(database: Database, query: ListQuery) -> Page:
    sorts = {"epoch": MastershipTerm.epoch}
    with database.reading() as connection:
        return page_of(connection, select(*MastershipTerm.__table__.columns), query, sorts=sorts,
                       tie=MastershipTerm.epoch, search=[MastershipTerm.node])  # fmt: skip
