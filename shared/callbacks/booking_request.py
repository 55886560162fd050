"""What goes into a booking and what comes out of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import ColumnElement

from shared.callbacks.lookup import CallbackView
from shared.db.models import Callback
from shared.scopes import SEES_ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRequest:
    """A request for a callback as the client sent it: well-formed, nothing else checked yet."""

    phone: str
    start: str
    skill: str
    campaign: str | None = None
    call_id: str | None = None
    call_data: Mapping[str, str] = field(default_factory=dict)
    first_name: str | None = None
    last_name: str | None = None
    agent_id: str | None = None
    time_zone: str | None = None  # IANA: the customer's, as they or their number's registry say

    def fingerprint(self) -> str:
        """SHA-256 of the request, to tell a repeat from another request with the same key."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """Who asks: an API client, and the source that its callbacks show (`ivr` or `gadget`)."""

    client_id: int
    name: str
    source: str

    @property
    def who(self) -> str:
        """The caller's name in the timeline."""
        return f"client:{self.name}"

    @property
    def visible(self) -> list[ColumnElement[bool]]:
        """The condition on callbacks that the client sees and changes; none for who sees all (services/README.md,
        decision 18)."""
        return [] if self.source == SEES_ALL else [Callback.api_client_id == self.client_id]

    def sees(self, client_id: int | None) -> bool:
        """The same of one callback, by the client that booked it."""
        return self.source == SEES_ALL or client_id == self.client_id


@dataclass(frozen=True, slots=True)
class BookingResult:
    """`replayed` is true when an earlier request with the same key had made it."""

    callback: CallbackView
    replayed: bool
