"""What goes into a booking and what comes out of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import ColumnElement, or_

from shared.callbacks.lookup import CallbackView
from shared.db.models import Callback

GADGET = "gadget"  # the source of what agents book


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
    """Who asks: an API client, or an agent of the Finesse gadget with the number on their line, if there is a call.

    `source` is what its callbacks show: `ivr` or `gadget`.
    """

    client_id: int | None
    name: str
    source: str
    agent_id: str | None = None
    phone: str | None = None

    @classmethod
    def of_agent(cls, agent_id: str, phone: str | None) -> "ApiCaller":
        """An agent; `phone` (E.164) is what Finesse says is on their line."""
        return cls(None, f"agent:{agent_id}", GADGET, agent_id, phone)

    @property
    def who(self) -> str:
        """The caller's name in the timeline."""
        return f"client:{self.name}" if self.agent_id is None else f"agent:{self.agent_id}"

    @property
    def requester(self) -> str:
        """Whose the caller's idempotency keys are."""
        return f"client:{self.client_id}" if self.agent_id is None else f"agent:{self.agent_id}"

    @property
    def visible(self) -> list[ColumnElement[bool]]:
        """The condition on callbacks that the caller sees and changes (services/README.md, decision 18): an API client
        all, an agent those of the number on the line and those they booked."""
        if self.agent_id is None:
            return []
        own = Callback.booked_by_agent == self.agent_id
        return [own if self.phone is None else or_(own, Callback.phone == self.phone)]

    def sees(self, booked_by_agent: str | None, phone: str) -> bool:
        """The same of one callback."""
        return self.agent_id is None or booked_by_agent == self.agent_id or phone == self.phone


@dataclass(frozen=True, slots=True)
class BookingResult:
    """`replayed` is true when an earlier request with the same key had made it."""

    callback: CallbackView
    replayed: bool
