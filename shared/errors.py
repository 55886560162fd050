"""What can go wrong in the product's own terms, each with a stable code. Nothing here knows HTTP.

Do not change the string values: clients and IVR scripts branch on them. Do not reuse a retired one.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every code a client can see in a problem body."""

    # the request itself
    VALIDATION_ERROR = "validation_error"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    BODY_TOO_LARGE = "body_too_large"
    RATE_LIMITED = "rate_limited"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    STALE_VERSION = "stale_version"
    PRECONDITION_REQUIRED = "precondition_required"
    IN_USE = "in_use"
    ALREADY_EXISTS = "already_exists"
    # booking, in the order of the rules
    GADGET_DISABLED = "gadget_disabled"
    BOOKING_CLOSED = "booking_closed"
    UNKNOWN_SKILL = "unknown_skill"
    UNKNOWN_CAMPAIGN = "unknown_campaign"
    CAMPAIGN_NOT_AVAILABLE = "campaign_not_available"
    INVALID_PHONE = "invalid_phone"
    PHONE_NOT_ALLOWED = "phone_not_allowed"
    DO_NOT_CALL = "do_not_call"
    INVALID_START = "invalid_start"
    START_IN_PAST = "start_in_past"
    OUTSIDE_BOOKING_WINDOW = "outside_booking_window"
    UNKNOWN_OFFER = "unknown_offer"
    DUPLICATE_CALLBACK = "duplicate_callback"
    OUTSIDE_CALLING_HOURS = "outside_calling_hours"
    NO_SLOT = "no_slot"
    SLOT_FULL = "slot_full"
    # a booked callback
    UNKNOWN_CALLBACK = "unknown_callback"
    NOT_RESCHEDULABLE = "not_reschedulable"
    NOT_CANCELLABLE = "not_cancellable"
    NOT_DISPATCHABLE = "not_dispatchable"
    NOT_PERSONAL = "not_personal"
    NOT_DIALED = "not_dialed"
    ALREADY_REPORTED = "already_reported"
    # the Finesse gadget
    UNKNOWN_CALL = "unknown_call"
    FINESSE_UNAVAILABLE = "finesse_unavailable"
    # operators
    NOT_MASTER = "not_master"
    # portal users
    INVALID_CREDENTIALS = "invalid_credentials"
    LOGIN_REFUSED = "login_refused"
    ACCOUNT_LOCKED = "account_locked"
    CSRF_FAILED = "csrf_failed"
    PASSWORD_CHANGE_REQUIRED = "password_change_required"  # noqa: S105
    MFA_REQUIRED = "mfa_required"
    MFA_SETUP_REQUIRED = "mfa_setup_required"
    COUNT_CHANGED = "count_changed"
    NOT_HELD = "not_held"
    PHONE_HASH_KEY_MISSING = "phone_hash_key_missing"
    TOO_MANY_JOBS = "too_many_jobs"
    WRONG_JOB_STATE = "wrong_job_state"
    # ours
    REQUEST_TIMEOUT = "request_timeout"  # this and the next come from the load balancer only (haproxy/errors)
    BAD_GATEWAY = "bad_gateway"
    SERVICE_UNAVAILABLE = "service_unavailable"
    GATEWAY_TIMEOUT = "gateway_timeout"
    INTERNAL_ERROR = "internal_error"


class DomainError(Exception):
    """A refusal in the product's terms.

    `detail` is written for the person who reads the answer: it says what to do, and holds no internals.
    `extra` are the additional members of the problem body (`errors`, `alternatives`, `accountNumber`, …).
    """

    def __init__(self, code: Code, detail: str, **extra: Any) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.extra: Mapping[str, Any] = {name: value for name, value in extra.items() if value is not None}


class InvalidInput(DomainError):
    """One or more fields are malformed. `errors` maps a field's path to its messages."""

    def __init__(self, errors: Mapping[str, Sequence[str]], detail: str = "Some fields are not valid.") -> None:
        super().__init__(Code.VALIDATION_ERROR, detail, errors=dict(errors))


class Unavailable(DomainError):
    """A part we need (the database, above all) does not answer; `retry_after` is in seconds."""

    def __init__(self, detail: str, retry_after: int = 5, code: Code = Code.SERVICE_UNAVAILABLE) -> None:
        super().__init__(code, detail, retryAfter=retry_after)
