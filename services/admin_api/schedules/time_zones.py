"""The time zones that schedules and settings take, for pages that offer them: a browser's list may be another one."""

import zoneinfo
from typing import Any

from flask.views import MethodView
from marshmallow import fields

from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from shared.web.schemas import ApiSchema

blueprint = require_session(
    AdminBlueprint("time-zones", __name__, url_prefix="/admin/api/v1/time-zones", description=__doc__)
)


class TimeZonesSchema(ApiSchema):
    names = fields.List(fields.String(), required=True, metadata={"description": "IANA names, in alphabetical order"})


@blueprint.route("")
class TimeZones(MethodView):
    @blueprint.response(200, TimeZonesSchema)
    @blueprint.operation("listTimeZones", Role.VIEWER, Scoped.COMMON)
    def get(self) -> dict[str, Any]:
        """List the time zones that the server knows"""
        return {"names": sorted(zoneinfo.available_timezones())}
