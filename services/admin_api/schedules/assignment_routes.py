"""Skill schedules: from which day on a pool follows which weekly schedule, and what slots result."""

from datetime import date

from flask import Response
from flask.views import MethodView

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.paging import Page
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.schedules import assignments
from services.admin_api.schedules.assignment_schemas import (
    AssignmentChanges,
    SkillScheduleChangeSchema,
    SkillSchedulePageSchema,
    SkillScheduleSchema,
    SkillSchedulesList,
    SkillSchedulesQuery,
    SkillScheduleWriteSchema,
)
from services.admin_api.schedules.impact import (
    DryRun,
    DryRunQuery,
    EffectsSchema,
    change_response,
    creation_response,
    dry_run_response,
)
from services.admin_api.schedules.preview import (
    PoolPreviewQuery,
    PoolPreviewSpan,
    PreviewQuery,
    PreviewSchema,
    PreviewSpan,
    SlotPreview,
    preview_pool,
)
from shared.errors import Code
from shared.web.dependencies import dependencies

blueprint = require_session(
    AdminBlueprint("skill-schedules", __name__, url_prefix="/admin/api/v1/skill-schedules", description=__doc__)
)


@blueprint.route("")
class SkillSchedules(MethodView):
    @blueprint.arguments(SkillSchedulesQuery, location="query")
    @blueprint.response(200, SkillSchedulePageSchema)
    @blueprint.operation("listSkillSchedules", Role.VIEWER, Scoped.SKILLS)
    def get(self, query: SkillSchedulesList) -> Page:
        """List assignments"""
        return assignments.list_page(dependencies().database, query, current_user().scope, _today())

    @blueprint.arguments(SkillScheduleWriteSchema, location="json")
    @blueprint.arguments(DryRunQuery, location="query")
    @blueprint.response(201, SkillScheduleChangeSchema)
    @blueprint.alt_response(200, schema=EffectsSchema, description="With dryRun: what it would do", success=True)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createSkillSchedule", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, changes: AssignmentChanges, query: DryRun) -> Response:
        """Assign a weekly schedule to a skill, or to a skill in a campaign, from a day on"""
        deps = dependencies()
        assignment, effects = assignments.create(
            deps.database, changes, current_user(), deps.now(), dry_run=query.dry_run
        )
        return creation_response(SkillScheduleSchema(), assignment, effects)


@blueprint.route("/<key:id>")
class SkillScheduleOne(MethodView):
    @blueprint.response(200, SkillScheduleSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getSkillSchedule", Role.VIEWER, Scoped.SKILLS)
    def get(self, id: int) -> Response:
        """Show an assignment"""
        assignment = assignments.get(dependencies().database, id, current_user().scope, _today())
        return optimistic_locking.json_with_etag(SkillScheduleSchema(), assignment)

    @blueprint.arguments(SkillScheduleWriteSchema, location="json")
    @blueprint.arguments(DryRunQuery, location="query")
    @blueprint.response(200, SkillScheduleChangeSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS)
    @blueprint.operation("updateSkillSchedule", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def put(self, changes: AssignmentChanges, query: DryRun, id: int) -> Response:
        """Change an assignment; with dryRun only tell what that would do"""
        deps = dependencies()
        assignment, effects = assignments.update(
            deps.database, id, changes, current_user(), deps.now(), dry_run=query.dry_run
        )
        return change_response(SkillScheduleSchema(), assignment, effects)

    @blueprint.arguments(DryRunQuery, location="query")
    @blueprint.response(204)
    @blueprint.alt_response(200, schema=EffectsSchema, description="With dryRun: what it would do", success=True)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("deleteSkillSchedule", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def delete(self, query: DryRun, id: int) -> Response:
        """Remove an assignment; the one before it holds on"""
        deps = dependencies()
        effects = assignments.delete(deps.database, id, current_user(), deps.now(), dry_run=query.dry_run)
        return dry_run_response(effects) if query.dry_run else Response(status=204)


@blueprint.route("/<key:id>/preview")
class Preview(MethodView):
    @blueprint.arguments(PreviewQuery, location="query")
    @blueprint.response(200, PreviewSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("previewSkillSchedule", Role.VIEWER, Scoped.SKILLS)
    def get(self, query: PreviewSpan, id: int) -> SlotPreview:
        """The slots of the coming days of this assignment's pool, with what is booked"""
        deps = dependencies()
        skill_id, campaign_id = assignments.pool_of(deps.database, id, current_user().scope)
        return preview_pool(deps, skill_id, campaign_id, current_user().scope, query)


@blueprint.route("/preview")
class PoolPreview(MethodView):
    @blueprint.arguments(PoolPreviewQuery, location="query")
    @blueprint.response(200, PreviewSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("previewPool", Role.VIEWER, Scoped.SKILLS)
    def get(self, query: PoolPreviewSpan) -> SlotPreview:
        """The slots of the coming days of a skill, or of a campaign's own pool for it"""
        return preview_pool(dependencies(), query.skill_id, query.campaign_id, current_user().scope, query)


def _today() -> date:
    """Today where most of the schedules are."""
    deps = dependencies()
    zone = deps.config_cache.current().zone_of(None)
    today: date = deps.now().astimezone(zone).date()
    return today
