"""One client for UCCE: one session, Basic authentication, a total deadline, and a guard before every send.

Nothing is ever sent twice from here. Who gets an error decides, by what it says was taken.
"""

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from services.dialer_sync.ucce.availability import Call, Observe
from services.dialer_sync.ucce.error_bodies import api_errors, page_words, says_partial
from services.dialer_sync.ucce.errors import NothingTaken, TookPart, UcceError, Unknown, failure
from services.dialer_sync.ucce.login_pause import LoginPause
from services.dialer_sync.ucce.xml import BadXml, parse
from shared.clock import Clock, SteadyClock, boottime, utcnow

BASE = "/unifiedconfig/config"
LARGEST_ANSWER = 16 * 1024 * 1024  # bytes; a page of 100 contacts has some 50 KiB
# Seconds after which an idle connection is not used again: the server may just be closing it, and a POST that meets
# the close has an unknown outcome for no good reason.
KEEP_ALIVE = 5.0

Guard = Callable[[float], None]
_CAMPAIGN = re.compile(r"/campaign/(\d+)")


@dataclass(frozen=True, slots=True)
class UcceSettings:
    """`url` is the Admin Workstation's (`https://aw.example`), `timeout` the whole of one call in seconds.

    `ca_file` None trusts the public authorities; an AW's certificate is usually its own (ucce-reference 1.1).
    `login_pause` is how long no call is made after a first refused login.
    """

    url: str
    user: str
    password: str
    ca_file: str | None
    timeout: float
    login_pause: float = 120.0

    def __repr__(self) -> str:
        return f"UcceSettings(url={self.url!r}, user={self.user!r})"


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200 or 201 that says of no error. `root` is None when the body is empty."""

    status: int
    location: str | None
    root: Element | None


def no_guard(_seconds: float) -> None:
    """For tools and tests that run alone."""


def no_observer(_call: Call) -> None:
    """Nobody counts."""


class UcceClient:
    """`guard(seconds)` is called before each send and raises when this node may not act for so long.

    For a request with a body `confirm(seconds)` (as `guard` when not given) is called as well, when the connection
    stands and the body's first byte is due: setting up a connection can stall, and only the body makes UCCE do
    something. Nothing but the handing of the bytes to the kernel comes after it. A process that stalls right there
    still sends when it goes on, if UCCE kept the connection: it waits for a body for 20 s (Tomcat's default), and the
    settle grace outlasts that.
    """

    def __init__(
        self,
        settings: UcceSettings,
        guard: Guard = no_guard,
        observe: Observe = no_observer,
        *,
        confirm: Guard | None = None,
        clock: SteadyClock = boottime,
        now: Clock = utcnow,
    ) -> None:
        root = settings.url.rstrip("/")
        self._root = root.removesuffix(BASE)
        self._connect_timeout = min(3.0, settings.timeout * 0.3)
        self._read_timeout = settings.timeout - self._connect_timeout
        self._timeout = settings.timeout
        self._guard = guard
        self._confirm = confirm or guard
        self._observe = observe
        self._clock = clock
        self._used_at = float("-inf")
        self._ended_at = float("-inf")
        self.login = LoginPause(settings.login_pause, clock, now)
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _BoundedSending(settings.timeout))
        self._session.trust_env = False  # no proxy, .netrc or other CA from the environment
        # As bytes: of a text, requests makes Latin-1, which has no place for most characters. Tomcat reads UTF-8.
        self._session.auth = HTTPBasicAuth(settings.user.encode(), settings.password.encode())
        self._session.verify = settings.ca_file or True
        self._session.headers.update({"Accept": "application/xml", "User-Agent": "campaign-manager"})

    def get(self, kind: str, path: str, query: Mapping[str, str | int] | None = None, *, root: str) -> Element:
        """The document at `path` (from `/unifiedconfig` on); one that is no `root` is not UCCE's answer.

        `kind` names the call in metrics. Raises UcceError.
        """
        with self._timed(kind, "GET", path):
            answer = self._call("GET", path, query, None)
            if answer.root is None:
                raise Unknown("UCCE's answer is empty", answer.status)
            if answer.root.tag != root:
                raise Unknown(f"the answer {answer.status} is {answer.root.tag}, not {root}: not UCCE's", answer.status)
            return answer.root

    def post(self, kind: str, path: str, body: bytes) -> Answer:
        with self._timed(kind, "POST", path):
            return self._call("POST", path, None, body)

    def put(self, kind: str, path: str, body: bytes) -> Answer:
        with self._timed(kind, "PUT", path):
            return self._call("PUT", path, None, body)

    def idle(self) -> float:
        """Seconds since a call last ended, however it did."""
        return self._clock() - self._ended_at

    def close(self) -> None:
        self._session.close()

    def _call(self, method: str, path: str, query: Mapping[str, str | int] | None, body: bytes | None) -> Answer:
        try:
            answer = self._answer_to(method, path, query, body)
        except UcceError as error:
            if error.status == 401:
                self.login.refused(error)
            elif error.by_ucce:
                self.login.accepted()
            raise
        self.login.accepted()
        return answer

    def _answer_to(self, method: str, path: str, query: Mapping[str, str | int] | None, body: bytes | None) -> Answer:
        self._guard(self._timeout)
        if self._clock() - self._used_at > KEEP_ALIVE:
            self._session.close()
        sent = _Body(body, self._confirm, self._read_timeout, self._clock) if body is not None else None
        status, location, content = self._exchange(method, path, query, sent)
        return _answer(status, location, content, wrote=body is not None)

    def _exchange(
        self, method: str, path: str, query: Mapping[str, str | int] | None, body: "_Body | None"
    ) -> tuple[int, str | None, bytes]:
        deadline = self._clock() + self._timeout
        try:
            with self._session.request(
                method,
                self._root + path,
                params=query,
                data=body,
                headers={"Content-Type": "application/xml; charset=UTF-8"} if body is not None else None,
                timeout=(self._connect_timeout, self._read_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _content(response, deadline, self._clock)
                self._used_at = self._clock()
                return response.status_code, response.headers.get("Location"), content
        except (requests.RequestException, HTTPError, OSError, _Endless) as error:
            reason = _words(error)
            if body is not None and body.begun:
                raise Unknown(f"the call broke off: {reason}") from error
            raise NothingTaken(f"UCCE cannot be reached: {reason}") from error

    @contextmanager
    def _timed(self, kind: str, method: str, path: str) -> Iterator[None]:
        self.login.require_over()
        found = _CAMPAIGN.search(path)
        campaign = int(found[1]) if found else None
        began, outcome, failed = self._clock(), "ok", None
        try:
            yield
        except UcceError as error:
            outcome, failed = str(error.status or type(error).__name__.lower()), error
            raise
        except Exception as error:
            outcome = type(error).__name__.lower()
            raise
        finally:
            ended = self._clock()
            if outcome == "ok" or failed is not None:
                self._ended_at = ended
            self._observe(Call(kind, method, campaign, outcome, ended - began, failed))


class _BoundedSending(HTTPAdapter):
    """Bytes that are not acknowledged within `seconds` are given up by the kernel.

    Else it repeats them for minutes after the call has ended (closing the connection does not stop it), and a request
    could reach UCCE after its outcome was settled.
    """

    def __init__(self, seconds: float) -> None:
        self._milliseconds = int(seconds * 1000)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        bounded = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, self._milliseconds)
        super().init_poolmanager(*args, socket_options=[*HTTPConnection.default_socket_options, bounded], **options)


class _Endless(Exception):
    """A request or an answer that goes on for too long; the text says how."""


class _Body:
    """A request body that asks `confirm` when its first byte is due, and knows whether it ever was.

    A later part is not sent once the time is up: a process that stalled in between must not complete the request.
    """

    def __init__(self, data: bytes, confirm: Guard, seconds: float, clock: SteadyClock) -> None:
        self._data = data
        self._at = 0
        self._confirm = confirm
        self._seconds = seconds
        self._clock = clock
        self._began_at = 0.0
        self.begun = False

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[bytes]:  # what requests knows a stream by
        yield self.read()

    def read(self, size: int = -1) -> bytes:
        if not self.begun:
            self._began_at = self._clock()
            self._confirm(self._seconds)
            self.begun = True
        elif self._at < len(self._data) and self._clock() - self._began_at > self._seconds:
            raise _Endless("the request was not sent in time")
        end = len(self._data) if size < 0 else self._at + size
        part, self._at = self._data[self._at : end], end
        return part


def path_of(url: str) -> str:
    """Path and query of a URL that UCCE gave: its host may be another one than ours (ucce-reference 1.2, Paging)."""
    parts = urlsplit(url)
    path = parts.path[max(0, parts.path.find(BASE)) :]
    return f"{path}?{parts.query}" if parts.query else path


def _content(response: requests.Response, deadline: float, clock: SteadyClock) -> bytes:
    """The body, whole. An answer that trickles past the deadline or never ends counts as none."""
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(65536, decode_content=True):
        parts.append(part)
        size += len(part)
        if clock() > deadline:
            raise _Endless("the answer did not end in time")
        if size > LARGEST_ANSWER:
            raise _Endless("the answer is too large")
    return b"".join(parts)


def _answer(status: int, location: str | None, content: bytes, *, wrote: bool) -> Answer:
    """200 and 201 are success. A 202 says only that somebody will look at it, so it is as unknown as no answer; so is
    a success whose body tells of errors, of a part of it (PARTIAL_SUCCESS), or is somebody else's page.
    """
    errors = api_errors(content)
    if errors or status not in (200, 201):
        raise failure(status, errors, f"go to {location.partition('?')[0]}" if location else page_words(content))
    if not content.strip():
        return Answer(status, location, None)
    try:
        root = parse(content)
    except BadXml as error:
        says = page_words(content)
        raise Unknown(f'the answer {status} cannot be read: {error}; it says "{says}"', status) from error
    if root.tag.lower().endswith("html"):
        raise Unknown(f"the answer {status} is a web page, not UCCE's: {page_words(content)}", status)
    if wrote and says_partial(root):
        raise TookPart(f"UCCE answers {status}: it took only a part", status)
    return Answer(status, location, root)


def _words(error: Exception) -> str:
    """What went wrong on the way, without addresses or library internals."""
    if isinstance(error, _Endless):
        return str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "TLS failed; is CM_UCCE_CA_FILE the certificate (or its authority) of the Admin Workstation?"
    if isinstance(error, requests.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return "the connection was refused or lost"
