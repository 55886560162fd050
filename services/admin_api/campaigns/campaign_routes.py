"""Campaigns: what UCCE's outbound campaigns should be. The master brings UCCE to it; this API never calls UCCE."""

from dataclasses import asdict
from typing import Any

from flask import Response
from flask.views import MethodView

from services.admin_api.campaigns import campaigns, hold_decisions
from services.admin_api.campaigns.campaign_schemas import (
    CampaignChanges,
    CampaignChangeSchema,
    CampaignPageSchema,
    CampaignSchema,
    CampaignsList,
    CampaignsQuery,
    CampaignWriteSchema,
)
from services.admin_api.campaigns.campaign_sync import (
    CampaignInUcce,
    CampaignInUcceSchema,
    CampaignSync,
    CampaignSyncSchema,
    read_sync,
    request_sync,
)
from services.admin_api.campaigns.parameter_schemas import CampaignParametersTableSchema
from services.admin_api.campaigns.ucce_parameters import PARAMETERS
from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.paging import Page
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.schedules.impact import DryRun, DryRunQuery, EffectsSchema, change_response, creation_response
from shared.callbacks.outcomes import RETRYABLE
from shared.callbacks.retries import DEFAULT_DELAY_MINUTES
from shared.errors import Code
from shared.web.dependencies import dependencies

blueprint = require_session(
    AdminBlueprint("campaigns", __name__, url_prefix="/admin/api/v1/campaigns", description=__doc__)
)


@blueprint.route("")
class Campaigns(MethodView):
    @blueprint.arguments(CampaignsQuery, location="query")
    @blueprint.response(200, CampaignPageSchema)
    @blueprint.operation("listCampaigns", Role.VIEWER, Scoped.SKILLS)
    def get(self, query: CampaignsList) -> Page:
        """List campaigns"""
        return campaigns.list_page(dependencies().database, query, current_user().scope)

    @blueprint.arguments(CampaignWriteSchema, location="json")
    @blueprint.arguments(DryRunQuery, location="query")
    @blueprint.response(201, CampaignChangeSchema)
    @blueprint.alt_response(200, schema=EffectsSchema, description="With dryRun: what it would do", success=True)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createCampaign", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, changes: CampaignChanges, query: DryRun) -> Response:
        """Create a campaign; the master then creates it in UCCE"""
        deps = dependencies()
        campaign, effects = campaigns.create(deps.database, changes, current_user(), deps.now(), dry_run=query.dry_run)
        return creation_response(CampaignSchema(), campaign, effects)


@blueprint.route("/parameters")
class Parameters(MethodView):
    @blueprint.response(200, CampaignParametersTableSchema)
    @blueprint.operation("listCampaignParameters", Role.VIEWER, Scoped.COMMON)
    def get(self) -> dict[str, Any]:
        """The table of parameters: kinds, ranges, defaults, help"""
        parameters = [asdict(parameter) for parameter in PARAMETERS]
        return {"parameters": parameters, "retryable": RETRYABLE, "default_delay": DEFAULT_DELAY_MINUTES}


@blueprint.route("/<key:id>")
class CampaignOne(MethodView):
    @blueprint.response(200, CampaignSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getCampaign", Role.VIEWER, Scoped.SKILLS)
    def get(self, id: int) -> Response:
        """Show a campaign"""
        campaign = campaigns.get(dependencies().database, id, current_user().scope)
        return optimistic_locking.json_with_etag(CampaignSchema(), campaign)

    @blueprint.arguments(CampaignWriteSchema, location="json")
    @blueprint.arguments(DryRunQuery, location="query")
    @blueprint.response(200, CampaignChangeSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS)
    @blueprint.operation("updateCampaign", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def put(self, changes: CampaignChanges, query: DryRun, id: int) -> Response:
        """Change a campaign; the master then brings the change to UCCE. With dryRun only tell what its window does"""
        deps = dependencies()
        campaign, effects = campaigns.update(
            deps.database, id, changes, current_user(), deps.now(), dry_run=query.dry_run
        )
        return change_response(CampaignSchema(), campaign, effects)

    @blueprint.response(204)
    @blueprint.refuses(Code.NOT_FOUND, Code.IN_USE)
    @blueprint.operation("deleteCampaign", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def delete(self, id: int) -> None:
        """Delete a campaign that was never used and that UCCE has disabled; in UCCE it stays, disabled"""
        deps = dependencies()
        campaigns.delete(deps.database, id, current_user(), deps.now())


@blueprint.route("/<key:id>/sync")
class CampaignInSync(MethodView):
    @blueprint.response(200, CampaignSyncSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getCampaignSync", Role.VIEWER, Scoped.SKILLS)
    def get(self, id: int) -> CampaignSync:
        """What UCCE has of a campaign, and what differs from the desired state"""
        return read_sync(dependencies().database, id, current_user().scope)

    @blueprint.response(202, CampaignSyncSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("requestCampaignSync", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, id: int) -> CampaignSync:
        """Have the master bring the desired state to UCCE again with its next cycle"""
        deps = dependencies()
        return request_sync(deps.database, id, current_user(), deps.now())


@blueprint.route("/<key:id>/adopt")
class CampaignAdopt(MethodView):
    @blueprint.arguments(CampaignInUcceSchema, location="json")
    @blueprint.response(200, CampaignSyncSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.NOT_HELD, Code.ALREADY_EXISTS, Code.STALE_VERSION)
    @blueprint.operation("adoptCampaign", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, chosen: CampaignInUcce, id: int) -> CampaignSync:
        """Take over a campaign that stands in UCCE (one of holdFound): the master then makes it what is desired"""
        deps = dependencies()
        return hold_decisions.adopt(deps.database, id, chosen, current_user(), deps.now())


@blueprint.route("/<key:id>/make-anew")
class CampaignMakeAnew(MethodView):
    @blueprint.response(200, CampaignSyncSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.NOT_HELD, Code.ALREADY_EXISTS, Code.STALE_VERSION)
    @blueprint.operation("makeCampaignAnew", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, id: int) -> CampaignSync:
        """Have the master create the campaign in UCCE, beside the one that is not ours"""
        deps = dependencies()
        return hold_decisions.make_anew(deps.database, id, current_user(), deps.now())


@blueprint.route("/<key:id>/resume")
class CampaignResume(MethodView):
    @blueprint.response(200, CampaignSyncSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.NOT_HELD, Code.STALE_VERSION)
    @blueprint.operation("resumeCampaign", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, id: int) -> CampaignSync:
        """Have the master switch a campaign on again that somebody switched off in UCCE"""
        deps = dependencies()
        return hold_decisions.resume(deps.database, id, current_user(), deps.now())
