"""What goes over the wire between the Finesse gadget and the booking API."""

from marshmallow import fields, validate

from services.booking_api.finesse.credentials import MAX_LENGTH
from services.booking_api.finesse.customer import PROBLEMS
from services.booking_api.schemas import CallbackSchema
from shared.web.schemas import ApiSchema, Length, MaybeEmpty, Text

_AGENT_ID = r"[A-Za-z0-9][A-Za-z0-9._@-]{0,31}\Z"  # also a segment of Finesse's path: never `..`


class CredentialsSchema(ApiSchema):
    authorization = Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, 1024),
        metadata={"description": "finesse.gadget.Config.authorization: base64 of id:password; never kept"},
    )
    auth_token = Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, MAX_LENGTH),
        metadata={"description": "With single sign-on, finesse.gadget.Config.authToken; never kept"},
    )


class LoginSchema(CredentialsSchema):
    agent_id = fields.String(
        required=True,
        validate=validate.Regexp(_AGENT_ID, error="Not an agent's id."),
        metadata={"description": "finesse.gadget.Config.id", "example": "1042"},
    )


class SessionSchema(ApiSchema):
    token = fields.String(required=True, metadata={"description": "For Authorization: Bearer"})
    expires_at = fields.DateTime(required=True, metadata={"description": "Moves on while the token is used"})
    agent_id = fields.String(required=True)
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    draft = fields.String(required=True, allow_none=True, metadata={"description": "What the agent had typed"})


class DraftSchema(ApiSchema):
    draft = MaybeEmpty(
        required=True,
        validate=Length(max=4000),
        metadata={"description": "What the agent has typed; kept as long as a session of the agent"},
    )


class CallQuerySchema(CredentialsSchema):
    dialog_id = Text(required=True, validate=Length(1, 64), metadata={"example": "16804377"})


class EventSchema(ApiSchema):
    """`from` is null for the booking."""

    at = fields.DateTime(required=True)
    from_ = fields.String(required=True, allow_none=True, data_key="from")
    to = fields.String(required=True)
    reason = fields.String(required=True)


class CallbackOnLineSchema(CallbackSchema):
    history = fields.List(fields.Nested(EventSchema), required=True, metadata={"description": "Oldest first"})


class CallSchema(ApiSchema):
    """`phone` is E.164, or "" where there is none; `callback` is the one that the call was made for."""

    dialog_id = fields.String(required=True)
    phone = fields.String(required=True)
    phone_problem = fields.String(required=True, allow_none=True, validate=validate.OneOf([*PROBLEMS, None]))
    account_number = fields.String(required=True, allow_none=True)
    queue = fields.String(required=True, allow_none=True)
    skill = fields.String(required=True, allow_none=True)
    callback = fields.Nested(CallbackOnLineSchema, required=True, allow_none=True)


class QueuesOfSkillSchema(ApiSchema):
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    queues = fields.List(fields.String(), required=True)


class SkillsSchema(ApiSchema):
    skills = fields.List(fields.Nested(QueuesOfSkillSchema), required=True)
