"""The ways to log in that are set up, for the login page, and which of them answer."""

from flask.views import MethodView
from marshmallow import fields, validate

from services.admin_api.identity import auth_routes
from services.admin_api.identity.authorization import AdminBlueprint
from services.admin_api.identity.directory.dependencies import directories
from services.admin_api.identity.directory.directories import LoginMethod
from services.admin_api.identity.source import Source
from shared.web.auth import public
from shared.web.schemas import ApiSchema

blueprint = public(AdminBlueprint("login-methods", __name__, url_prefix=auth_routes.PREFIX, description=__doc__))


class LoginMethodSchema(ApiSchema):
    source = fields.String(required=True, validate=validate.OneOf(list(Source)))
    label = fields.String(required=True, metadata={"description": "What people call it: a setting"})
    available = fields.Boolean(required=True, metadata={"description": "Whether it answers now"})


class LoginMethodsSchema(ApiSchema):
    items = fields.List(fields.Nested(LoginMethodSchema), required=True)


@blueprint.route("/methods")
class LoginMethods(MethodView):
    @blueprint.response(200, LoginMethodsSchema)
    @blueprint.operation("listLoginMethods", None)
    def get(self) -> dict[str, list[LoginMethod]]:
        """The ways to log in, the local one first"""
        return {"items": directories().login_methods()}
