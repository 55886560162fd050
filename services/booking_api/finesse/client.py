"""One client for both Finesse nodes: a total time for each question, and a breaker for each node.

A Finesse that is silent or refuses must cost the other callers of this process nothing: few calls run at once, the
others are refused and not kept waiting, and while a node is down one call at a time tries it. The node that failed
lately is asked last. No cookies are kept: Finesse's session cookie of one agent would go with the next one's request.
"""

import threading
import time
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import certifi
import structlog
import urllib3
from prometheus_client import Counter, Gauge, Histogram
from urllib3.exceptions import ConnectTimeoutError, HTTPError, ProtocolError, SSLError, TimeoutError

from services.booking_api.finesse.credentials import Credentials
from shared import deadline
from shared.bounded_reading import Endless, read_content
from shared.certificate_advice import OF_FINESSE, certificate_problem, trusting_context
from shared.circuit_breaker import CircuitBreaker
from shared.config import GadgetSettings
from shared.errors import Code, Unavailable
from shared.xml import BadXml, parse

_log = structlog.get_logger(__name__)

CALLS_AT_ONCE = 4  # half of a process's threads (deploy/gunicorn_settings.py)
RESERVED_SECONDS = 0.5  # of a request's time, for what follows Finesse's answer
MIN_SECONDS = 0.2  # with less a node is not asked
RETRY_AFTER_SECONDS = 5
TRY_AGAIN_SECONDS = 60.0  # for which a node that failed is asked last

REQUESTS = Counter("cm_finesse_requests_total", "Questions to a Finesse node by their end", ["operation", "outcome"])
SECONDS = Histogram(
    "cm_finesse_request_seconds", "Time of a Finesse node to answer", ["operation"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)  # fmt: skip
UP = Gauge("cm_finesse_up", "1 while a Finesse node answers, 0 since it did not", ["node"])


class FinesseUnavailable(Unavailable):
    """Neither node answers as Finesse does; nothing of the credentials is known."""

    def __init__(self, retry_after: int = RETRY_AFTER_SECONDS) -> None:
        super().__init__("Finesse does not answer. Try again in a few seconds.", retry_after, Code.FINESSE_UNAVAILABLE)


class CredentialsRefused(Exception):
    """Finesse does not take the credentials, or not for this object."""


class NotThere(Exception):
    """Finesse has no such object."""


class FinesseClient:
    """Thread-safe."""

    def __init__(self, settings: GadgetSettings) -> None:
        self._timeout = settings.finesse_timeout
        self._turns = threading.BoundedSemaphore(CALLS_AT_ONCE)
        self._nodes = [_Node(url, settings.finesse_ca_file) for url in settings.finesse_urls]

    def get(self, operation: str, path: str, credentials: Credentials) -> Element:
        """The document at `path`. Raises CredentialsRefused, NotThere, FinesseUnavailable."""
        if not self._turns.acquire(blocking=False):
            raise FinesseUnavailable(1)  # soon there is a turn
        try:
            return self._ask_each(operation, path, credentials)
        finally:
            self._turns.release()

    def _ask_each(self, operation: str, path: str, credentials: Credentials) -> Element:
        waiting = sorted(self._nodes, key=_Node.failed_lately)
        while waiting:
            node, left = waiting[0], deadline.remaining() - RESERVED_SECONDS
            seconds = min(self._timeout, left / len(waiting))
            if seconds < MIN_SECONDS:
                break
            try:
                with node.breaker.call():
                    status, root = node.ask(operation, path, credentials, seconds)
            except Unavailable:
                waiting.pop(0)
                continue
            if status in (401, 403):
                raise CredentialsRefused
            if root is None:
                raise NotThere
            return root
        raise FinesseUnavailable

    def close(self) -> None:
        for node in self._nodes:
            node.pool.close()


class _Node:
    """One Finesse node. `failed_at` is by the monotonic clock."""

    def __init__(self, url: str, ca_file: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        options: dict[str, Any] = {"maxsize": CALLS_AT_ONCE + 1}
        if parts.scheme == "https":
            context = trusting_context()
            context.load_verify_locations(ca_file or certifi.where())
            options["ssl_context"] = context
        self.pool = urllib3.connection_from_url(url, **options)
        self.breaker = CircuitBreaker("This Finesse node does not answer.", at_once=CALLS_AT_ONCE)
        self.failed_at = float("-inf")
        self.down = False
        self._gauge = UP.labels(self.host)
        self._gauge.set(1)

    def failed_lately(self) -> float:
        """When it failed, as long as it is not to be tried again first."""
        return self.failed_at if time.monotonic() - self.failed_at < TRY_AGAIN_SECONDS else float("-inf")

    def ask(self, operation: str, path: str, credentials: Credentials, seconds: float) -> tuple[int, Element | None]:
        """Status and document: 200 with one, 401, 403 or 404. Raises Unavailable for whatever else."""
        began = time.monotonic()
        try:
            status, content = self._exchange(path, credentials, began + seconds)
            root = parse(content) if status == 200 else None
            if status not in (200, 401, 403, 404):
                raise _Failure(f"status_{status // 100}xx", f"it answers {status}")
        except (HTTPError, OSError, Endless, BadXml, _Failure) as error:
            outcome, reason = _failure(error, self.host)
            REQUESTS.labels(operation, outcome).inc()
            self._failed(reason)
            raise Unavailable("This Finesse node does not answer.") from None  # the cause may hold what was sent
        REQUESTS.labels(operation, {200: "ok", 404: "not_found"}.get(status, "refused")).inc()
        SECONDS.labels(operation).observe(time.monotonic() - began)
        self._answered()
        return status, root

    def _exchange(self, path: str, credentials: Credentials, end: float) -> tuple[int, bytes]:
        try:
            return self._exchange_once(path, credentials, end)
        except ProtocolError:  # a kept connection that the node was closing; a read can be repeated
            return self._exchange_once(path, credentials, end)

    def _exchange_once(self, path: str, credentials: Credentials, end: float) -> tuple[int, bytes]:
        left = max(0.05, end - time.monotonic())
        response = self.pool.urlopen(
            "GET", path,
            headers={"Authorization": credentials.header, "Accept": "application/xml"},
            timeout=urllib3.Timeout(total=left), retries=False, redirect=False, preload_content=False,
        )  # fmt: skip
        try:
            content = read_content(response, end, time.monotonic)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return response.status, content

    def _failed(self, reason: str) -> None:
        self.failed_at = time.monotonic()
        if not self.down:
            self.down = True
            self._gauge.set(0)
            _log.warning("finesse_node_down", node=self.host, reason=reason)

    def _answered(self) -> None:
        if self.down:
            self.down = False
            self._gauge.set(1)
            _log.info("finesse_node_answers", node=self.host)


class _Failure(Exception):
    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def _failure(error: Exception, host: str) -> tuple[str, str]:
    """What it counts as, and a sentence without addresses, credentials or library internals."""
    if isinstance(error, _Failure):
        return error.outcome, str(error)
    if isinstance(error, BadXml):
        return "unreadable", "its answer is no XML document of Finesse"
    if isinstance(error, Endless | TimeoutError) and not isinstance(error, ConnectTimeoutError):
        return "timeout", "no answer in time"
    if isinstance(error, SSLError):
        problem = certificate_problem(error, host, OF_FINESSE)
        return "untrusted", problem or "TLS failed; does the Finesse node speak TLS 1.2 on this port?"
    return "unreachable", "no connection"
