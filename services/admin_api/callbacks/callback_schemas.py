"""What goes over the wire about callbacks."""

from typing import Any, ClassVar

from marshmallow import fields, validate

from services.admin_api.callbacks.consent import HOW
from services.admin_api.callbacks.filters import BulkCancel, CallbackFilters, CallbackSearch
from services.admin_api.framework.fields import DataclassSchema, Instant, StringId, no_default
from services.admin_api.framework.paging import PageQuery, PageSchema, sort_field
from services.admin_api.framework.time_range import OF_ITS_SLOT, bound_field
from services.admin_api.identity.masked_fields import Phone, TextWithPhones
from shared.callbacks.personal import AgentOutcome
from shared.callbacks.states import Status
from shared.web.schemas import ApiSchema, CleanText, FreeText, Length, Text

_STATUS = validate.OneOf(list(Status))


class CallbackFilterSchema(DataclassSchema):
    """Which callbacks; several `status` mean any of them."""

    loads: ClassVar[type[Any]] = CallbackFilters

    q = CleanText(
        load_default=no_default,
        validate=Length(1, 100),
        metadata={"description": "An account number or a phone number"},
    )
    phone = FreeText(load_default=no_default, validate=Length(1, 64))
    account_number = CleanText(load_default=no_default, validate=Length(1, 64))
    skill_id = StringId(load_default=no_default)
    campaign_id = StringId(load_default=no_default)
    from_ = bound_field(f"Those that start then or later: {OF_ITS_SLOT}", "from")
    to = bound_field(f"Those that start before then, of a date to its end: {OF_ITS_SLOT}")
    status = fields.List(fields.String(validate=_STATUS), load_default=[], validate=Length(max=len(Status)))
    without_result = fields.Boolean(
        load_default=False,
        metadata={"description": "true: only those that UCCE has had for longer than a result should take"},
    )


class CallbackSearchQuery(PageQuery, CallbackFilterSchema):
    """`q` is an account number or a phone number; several `status` mean any of them."""

    loads = CallbackSearch

    sort = sort_field("start", default="-start")


class CallbackSummarySchema(ApiSchema):
    account_number = fields.String(required=True)
    status = fields.String(required=True, validate=_STATUS)
    phone = Phone(
        required=True,
        metadata={
            "description": "E.164; the last two digits (`…42`) for who may not see whole numbers; `removed` once it is "
            "kept no longer"
        },
    )
    first_name = TextWithPhones(required=True, allow_none=True)
    last_name = TextWithPhones(required=True, allow_none=True)
    skill_id = StringId(required=True)
    skill = fields.String(required=True)
    campaign_id = StringId(required=True)
    campaign = fields.String(required=True)
    time_zone = fields.String(required=True, metadata={"description": "Of its slot; instants are shown in it"})
    customer_time_zone = fields.String(
        required=True, metadata={"description": "Of the customer: as stated, else by the number, else that of the slot"}
    )
    start = Instant(required=True)
    customer_start = Instant(required=True, metadata={"description": "The start in the customer's zone"})
    slot_start = Instant(required=True)
    slot_end = Instant(required=True)
    due_at = Instant(
        required=True, metadata={"description": "When it is handed over next; later than start on a retry"}
    )
    agent_id = fields.String(required=True, allow_none=True)
    source = fields.String(required=True)
    attempts = fields.Integer(required=True)
    outcome = fields.String(required=True, allow_none=True)
    without_result = fields.Boolean(
        required=True, metadata={"description": "UCCE has had it for longer than a result should take (a setting)"}
    )
    created_at = Instant(required=True)
    changed_at = Instant(required=True)


class CallbackSearchPageSchema(PageSchema):
    items = fields.List(fields.Nested(CallbackSummarySchema), required=True)


class TimelineEntrySchema(ApiSchema):
    at = Instant(required=True)
    from_status = fields.String(required=True, allow_none=True, metadata={"description": "null: the booking"})
    to_status = fields.String(required=True, validate=_STATUS)
    who = fields.String(required=True, metadata={"description": "client:<name>, user:<name> or worker:<node>"})
    why = TextWithPhones(required=True)


class AttemptSchema(ApiSchema):
    """One contact made of the callback in UCCE."""

    contact_key = fields.String(required=True)
    number = fields.Integer(required=True)
    campaign = fields.String(required=True)
    batch_id = fields.String(required=True)
    epoch = fields.Integer(required=True)
    node = fields.String(required=True)
    claimed_at = Instant(required=True)
    imported_at = Instant(required=True, allow_none=True)
    finished_at = Instant(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    call_result = fields.Integer(required=True, allow_none=True)
    call_status = fields.String(
        required=True, allow_none=True, metadata={"description": "As UCCE spells it; while it is open, as last seen"}
    )
    calls_made = fields.Integer(required=True, allow_none=True)
    message = TextWithPhones(required=True, allow_none=True)


class ConsentSchema(ApiSchema):
    """The proof that a person wished to be called: the request that booked the callback."""

    phone = Phone(required=True, metadata={"description": "As in the callback"})
    given_at = Instant(required=True)
    how = fields.String(required=True, validate=validate.OneOf(HOW))
    channel = fields.String(required=True, metadata={"description": "The channel that it was booked through"})
    api_client = fields.String(required=True, allow_none=True)
    booked_by = fields.String(
        required=True, allow_none=True, metadata={"description": "The API client's name, or agent:<id>"}
    )
    call_id = fields.String(required=True, allow_none=True, metadata={"description": "The call, as the IVR names it"})
    request_record = StringId(
        required=True, allow_none=True, metadata={"description": "The booking request among the callback requests"}
    )
    request_key = TextWithPhones(
        required=True,
        allow_none=True,
        metadata={"description": "The client's own key of that request, while it is kept"},
    )
    account_number = fields.String(required=True)
    skill = fields.String(required=True, metadata={"description": "What the person wished to be called about"})
    withdrawn_at = Instant(required=True, allow_none=True, metadata={"description": "When the callback was cancelled"})


class CallbackDetailSchema(CallbackSummarySchema):
    reason = TextWithPhones(required=True, allow_none=True)
    call_id = TextWithPhones(required=True, allow_none=True)
    api_client = fields.String(required=True, allow_none=True)
    agent_outcome = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(list(AgentOutcome)),
        metadata={"description": "How the script said that the personal callback ended"},
    )
    follow_up_of = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The callback whose agent was not available, after which this one was booked"},
    )
    follow_up = fields.String(required=True, allow_none=True, metadata={"description": "The one booked after this one"})
    call_data = fields.Dict(keys=fields.String(), values=TextWithPhones(), required=True)
    consent = fields.Nested(ConsentSchema, required=True)
    timeline = fields.List(fields.Nested(TimelineEntrySchema), required=True)
    attempt_list = fields.List(fields.Nested(AttemptSchema), required=True)


class CancelSchema(ApiSchema):
    reason = CleanText(load_default=None, allow_none=True, validate=Length(1, 200))


class MoveSchema(ApiSchema):
    start = Text(
        required=True,
        validate=Length(1, 64),
        metadata={"description": "ISO 8601; without an offset local time of the callback's zone"},
    )


class BulkCancelSchema(CallbackFilterSchema):
    """The filter of the list, with more in it than states. Only scheduled callbacks are cancelled."""

    loads = BulkCancel

    total = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 2**31 - 1),
        metadata={
            "description": "How many callbacks the list shows by this filter, scheduled or not (its `total`); the "
            "preview answers 409 count_changed when it selects another number"
        },
    )
    count = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 2**31 - 1),
        metadata={"description": "How many there are, as the preview said; otherwise 409 count_changed"},
    )
    reason = CleanText(load_default=None, allow_none=True, validate=Length(1, 200))


class BulkGroupSchema(ApiSchema):
    date = fields.Date(required=True, metadata={"description": "Of the slot, in its own zone"})
    skill_id = StringId(required=True)
    skill = fields.String(required=True)
    count = fields.Integer(required=True)


class BulkPreviewSchema(ApiSchema):
    count = fields.Integer(required=True, metadata={"description": "Scheduled callbacks that would be cancelled"})
    limit = fields.Integer(required=True, metadata={"description": "The most that one request cancels"})
    groups = fields.List(
        fields.Nested(BulkGroupSchema), required=True, metadata={"description": "The count by day and skill"}
    )
    first = fields.List(
        fields.Nested(CallbackSummarySchema), required=True, metadata={"description": "The first of them"}
    )
