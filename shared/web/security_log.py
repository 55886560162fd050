"""Security events: each is a row of the audit log and a structured log line of the logger `security` (for a SIEM),
within the limits of event_limits.py, and a count for Prometheus. They hold no secret and no phone number.
"""

import ipaddress
import threading
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from prometheus_client import Counter

from shared import deadline
from shared.clock import Clock
from shared.db.audit import Author, write_audit
from shared.db.columns import truncate_utf16
from shared.db.session import Database, retried
from shared.errors import Unavailable
from shared.web.event_limits import EventLimits, Kind, Sum, limit_of

_log = structlog.get_logger("security")

COUNT = Counter("cm_security_events_total", "Security events, also those that were summed up", ["kind"])
for _kind in Kind:
    COUNT.labels(_kind)

STRANGER = "unknown"
WRITE_SECONDS = 0.5  # that an answer waits for the audit log at most; what is not written by then is summed up later


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """`who` as in the audit log; `resource` and `label` say what it was about, without values that a client made up."""

    kind: Kind
    who: str
    address: str
    resource: str
    label: str
    request_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    known: bool = False  # `who` has proved to be so

    @property
    def source(self) -> Hashable:
        """Whose events are counted together. A stranger is an address, whatever names it tries: what is written must
        not depend on which of them exist, for writing takes time."""
        target = (self.resource, self.label) if limit_of(self.kind).by_target else None
        return self.who if self.known else STRANGER, network_of(self.address), target


def network_of(address: str) -> str:
    """What counts as one address: IPv6 networks of 64 bits are given to single customers."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


class SecurityLog:
    """Writes the events of one process; their sums when a window is over, by a timer, or when it is closed."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database, self._now = database, now
        self._limits: EventLimits[SecurityEvent] = EventLimits()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def record(self, event: SecurityEvent) -> None:
        """Count it, and write it unless its source has enough of them. Never fails the caller, nor keeps it long."""
        COUNT.labels(event.kind).inc()
        if not self._limits.admit(event.kind, event.source, event, time.monotonic(), known=event.known):
            self._wait_for_sums()
            return
        _say(event, 1)
        with deadline.within(min(WRITE_SECONDS, deadline.remaining())):
            written = self._wrote(event, 1)
        if not written:
            self._limits.put_back(event.kind, event.source, event, time.monotonic())
            self._wait_for_sums()

    def close(self) -> None:
        """Write the sums that wait."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
        self._write_sums(float("inf"))

    def _wait_for_sums(self) -> None:
        with self._lock:
            end = self._limits.next_end()
            if self._timer is None and end is not None:
                self._timer = threading.Timer(max(0.0, end - time.monotonic()), self._at_end)
                self._timer.daemon = True
                self._timer.start()

    def _at_end(self) -> None:
        with self._lock:
            self._timer = None
        self._write_sums(time.monotonic())
        self._wait_for_sums()

    def _write_sums(self, now: float) -> None:
        for one in self._limits.sums(now):
            event = _of_many(one)
            _say(event, one.count)
            if not self._wrote(event, one.count):  # perhaps the next time
                self._limits.put_back(event.kind, one.source, event, time.monotonic(), one.count)

    def _wrote(self, event: SecurityEvent, times: int) -> bool:
        try:
            _write(self._database, event, times, self._now())
        except Unavailable:
            return False
        except Exception as error:
            _log.exception("security_event_not_written", exc_info=error)
            return False
        return True


def _of_many(one: Sum[SecurityEvent]) -> SecurityEvent:
    """What a sum is written as: its newest event, without what is of that one alone."""
    last = one.last
    if one.source is None:
        return SecurityEvent(last.kind, STRANGER, "-", last.resource, "many sources")
    who = last.who if last.known else STRANGER
    return SecurityEvent(last.kind, who, last.address, last.resource, last.label, known=last.known)


def _say(event: SecurityEvent, times: int) -> None:
    """INFO for what was allowed, WARNING for what was refused."""
    say = _log.info if event.kind in (Kind.OPS_CALLED, Kind.PHONES_READ) else _log.warning
    say("security_event", kind=str(event.kind), who=event.who, address=event.address, resource=event.resource,
        label=event.label, request_id=event.request_id, times=times, **event.details)  # fmt: skip


@retried
def _write(database: Database, event: SecurityEvent, times: int, now: Any) -> None:
    author = Author(event.who, truncate_utf16(event.address, 64), event.request_id)
    after = dict(event.details) | ({"times": times} if times > 1 else {})
    with database.writing() as tx:
        write_audit(tx, author, str(event.kind), event.resource, now=now, label=event.label, after=after or None)
        tx.commit()
