"""Users: who may log in to the portal, and as what."""

from typing import Any, ClassVar

from flask import Response
from flask.views import MethodView
from marshmallow import fields, validate

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, EditedSchema, Instant, Pattern, StringId
from services.admin_api.framework.paging import ListQuery, Page, PageQuery, PageSchema, sort_field
from services.admin_api.identity import passwords, users
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.directory.dependencies import directories
from services.admin_api.identity.roles import Role
from services.admin_api.identity.source import Source
from shared.errors import Code, InvalidInput
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema, CleanText, FreeText, Length

blueprint = require_session(AdminBlueprint("users", __name__, url_prefix="/admin/api/v1/users", description=__doc__))

_NAME = {"description": "The login name; upper and lower case are the same"}
_ROLE = validate.OneOf(list(Role))
_PASSWORD = {"description": f"At least {passwords.MIN_LENGTH} characters; to be changed at the first login"}
_SKILLS_HELP = {"description": "null: sees all skills; else only what belongs to these. An administrator sees all."}
_SEES_PHONES = {"description": "Sees whole phone numbers; else their last two digits"}
_DECIDED = {"description": "The fields that the user's directory decides, which are not changed here"}
_MAY_EXPORT = {"description": "May take lists and reports away as files"}


class UserWriteSchema(DataclassSchema):
    """What is left out of `skillIds`, `seesPhones` and `mayExport` stays as it is; a new user sees everything."""

    loads: ClassVar[type[Any]] = users.UserChanges

    name = fields.String(required=True, validate=Length(1, 64), metadata=_NAME)
    display_name = CleanText(required=True, validate=Length(1, 128))
    role = fields.String(required=True, validate=_ROLE)
    enabled = fields.Boolean(required=True)
    skill_ids = fields.List(StringId(), allow_none=True, validate=Length(max=500), metadata=_SKILLS_HELP)
    sees_phones = fields.Boolean(metadata=_SEES_PHONES)
    may_export = fields.Boolean(metadata=_MAY_EXPORT)


class UserCreateSchema(UserWriteSchema):
    loads = users.NewUser

    name = fields.String(required=True, validate=Pattern(users.NAME_PATTERN), metadata=_NAME)
    password = FreeText(required=True, validate=Length(1, 1024), metadata=_PASSWORD)


class UserPasswordSchema(ApiSchema):
    password = FreeText(required=True, validate=Length(1, 1024), metadata=_PASSWORD)


class DecidedFields(fields.List[str]):
    """What the directory of a user decides."""

    def get_value(self, obj: Any, *_: Any, **__: Any) -> Any:
        return directories().decided_fields(obj.source)


class UserSchema(EditedSchema):
    source = fields.String(
        required=True,
        validate=validate.OneOf(list(Source)),
        metadata={"description": "Who knows the password"},
    )
    decided_by_directory = DecidedFields(fields.String(), required=True, metadata=_DECIDED)
    name = fields.String(required=True)
    display_name = fields.String(required=True)
    role = fields.String(required=True, validate=_ROLE)
    enabled = fields.Boolean(required=True)
    skill_ids = fields.List(StringId(), required=True, allow_none=True, metadata=_SKILLS_HELP)
    sees_phones = fields.Boolean(required=True, metadata=_SEES_PHONES)
    may_export = fields.Boolean(required=True, metadata=_MAY_EXPORT)
    must_change = fields.Boolean(required=True, metadata={"description": "A new password at the next login"})
    mfa_enabled = fields.Boolean(required=True, metadata={"description": "Logs in with a second factor"})
    locked = fields.Boolean(required=True, metadata={"description": "By wrong passwords, for some address or browser"})
    locked_until = Instant(required=True, allow_none=True)
    last_login_at = Instant(required=True, allow_none=True)
    password_changed_at = Instant(required=True)


class UserPageSchema(PageSchema):
    items = fields.List(fields.Nested(UserSchema), required=True)


class UsersQuery(PageQuery):
    sort = sort_field("name", "displayName", "role", "lastLoginAt")


@blueprint.route("")
class Users(MethodView):
    @blueprint.arguments(UsersQuery, location="query")
    @blueprint.response(200, UserPageSchema)
    @blueprint.operation("listUsers", Role.ADMINISTRATOR)
    def get(self, query: ListQuery) -> Page:
        """List users"""
        deps = dependencies()
        return users.list_page(deps.database, query, deps.now())

    @blueprint.arguments(UserCreateSchema, location="json")
    @blueprint.response(201, UserSchema)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createUser", Role.ADMINISTRATOR)
    def post(self, changes: users.NewUser) -> Response:
        """Create a user with a first password"""
        deps = dependencies()
        password_hash = _hash_or_refuse(changes.password, changes.name)
        user = users.create(deps.database, changes, password_hash, current_user(), deps.now())
        return optimistic_locking.json_with_etag(UserSchema(), user, 201)


@blueprint.route("/<key:id>")
class UserOne(MethodView):
    @blueprint.response(200, UserSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getUser", Role.ADMINISTRATOR)
    def get(self, id: int) -> Response:
        """Show a user"""
        deps = dependencies()
        user = users.get(deps.database, id, deps.now())
        return optimistic_locking.json_with_etag(UserSchema(), user)

    @blueprint.arguments(UserWriteSchema, location="json")
    @blueprint.response(200, UserSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.IN_USE)
    @blueprint.operation("updateUser", Role.ADMINISTRATOR, conditional=True)
    def put(self, changes: users.UserChanges, id: int) -> Response:
        """Change a user; a disabled one is logged out at once"""
        deps = dependencies()
        decided = directories().decided_fields
        user = users.update(deps.database, id, changes, current_user(), deps.now(), decided_fields=decided)
        return optimistic_locking.json_with_etag(UserSchema(), user)

    @blueprint.response(204)
    @blueprint.refuses(Code.NOT_FOUND, Code.IN_USE)
    @blueprint.operation("deleteUser", Role.ADMINISTRATOR, conditional=True)
    def delete(self, id: int) -> None:
        """Delete a user and log them out at once"""
        deps = dependencies()
        users.delete(deps.database, id, current_user(), deps.now())


@blueprint.route("/<key:id>/password")
class UserPassword(MethodView):
    @blueprint.arguments(UserPasswordSchema, location="json")
    @blueprint.response(200, UserSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("resetUserPassword", Role.ADMINISTRATOR)
    def post(self, body: dict[str, Any], id: int) -> Response:
        """Give a user a new password, to be changed at the next login; all their sessions end, and the lock"""
        deps = dependencies()
        database, now = deps.database, deps.now()
        password_hash = _hash_or_refuse(body["password"], users.get(database, id, now).name)
        user = users.reset_password(database, id, password_hash, current_user(), now)
        return optimistic_locking.json_with_etag(UserSchema(), user)


@blueprint.route("/<key:id>/unlock")
class UserUnlock(MethodView):
    @blueprint.response(200, UserSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("unlockUser", Role.ADMINISTRATOR)
    def post(self, id: int) -> Response:
        """End every lock of an account"""
        deps = dependencies()
        user = users.unlock(deps.database, id, current_user(), deps.now())
        return optimistic_locking.json_with_etag(UserSchema(), user)


@blueprint.route("/<key:id>/reset-mfa")
class UserMfaReset(MethodView):
    @blueprint.response(200, UserSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("resetUserMfa", Role.ADMINISTRATOR)
    def post(self, id: int) -> Response:
        """Take a user's second factor away, who lost it; all their sessions end"""
        deps = dependencies()
        user = users.reset_mfa(deps.database, id, current_user(), deps.now())
        return optimistic_locking.json_with_etag(UserSchema(), user)


def _hash_or_refuse(password: str, name: str) -> str:
    weak = passwords.policy_violations(password, name)
    if weak:
        raise InvalidInput({"password": weak})
    return passwords.hash_password(password)
