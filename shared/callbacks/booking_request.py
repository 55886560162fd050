"""What goes into a booking and what comes out of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from shared.callbacks.lookup import CallbackView


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


@dataclass(frozen=True, slots=True)
class BookingResult:
    """`replayed` is true when an earlier request with the same key had made it."""

    callback: CallbackView
    replayed: bool
