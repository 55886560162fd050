"""One client for UCCE: one session, Basic authentication, a total deadline, and a guard before every send.

Nothing is ever sent twice from here. The caller decides what follows an error, by what the error says was taken.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import requests
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from services.dialer_sync.ucce.connection.availability import Call, Observe
from services.dialer_sync.ucce.connection.login_pause import LoginPause
from services.dialer_sync.ucce.connection.transport import Body, BoundedSending, Guard
from services.dialer_sync.ucce.connection.workstations import Workstations
from services.dialer_sync.ucce.error_bodies import api_errors, page_words, says_partial
from services.dialer_sync.ucce.errors import NothingTaken, TookPart, UcceError, Unknown, failure
from shared.bounded_reading import Endless, read_content
from shared.certificate_advice import certificate_problem
from shared.clock import Clock, SteadyClock, boottime, utcnow
from shared.xml import BadXml, parse

BASE = "/unifiedconfig/config"
# Seconds after which an idle connection is not used again: the server may just be closing it, and a POST that meets
# the close has an unknown outcome for no good reason.
KEEP_ALIVE_SECONDS = 5.0

_CAMPAIGN = re.compile(r"/campaign/(\d+)")
# The segments have no dot (`..` leads out of BASE), no escape and no @; the query has nothing that ends a request line.
_PAGE = re.compile(rf"{BASE}(?:/[A-Za-z0-9_-]+)+(?:\?[!$-;=?-~]*)?\Z")


@dataclass(frozen=True, slots=True)
class UcceSettings:
    """`url` is the Admin Workstation's (`https://aw.example`), `timeout` the whole of one call in seconds.

    `second_url` is the second one's; `import_timeout` the time of an import, None as any other call's. `ca_file` None
    trusts the public authorities; an AW's certificate is usually its own (ucce/REFERENCE.md 1.1). `login_pause` is how
    long no call is made after a first refused login.
    """

    url: str
    user: str
    password: str
    ca_file: str | None
    timeout: float
    login_pause: float = 120.0
    second_url: str | None = None
    import_timeout: float | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        return (self.url, self.second_url) if self.second_url else (self.url,)

    @property
    def longest_call(self) -> float:
        return max(self.timeout, self.import_timeout or 0.0)

    def __repr__(self) -> str:
        return f"UcceSettings(urls={self.urls!r}, user={self.user!r})"


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200 or 201 that says of no error. `root` is None when the body is empty."""

    status: int
    location: str | None
    root: Element | None


def no_guard(_seconds: float) -> None:
    """For tools and tests that run alone."""


def no_observer(_call: Call) -> None:
    """The default of `observe`."""


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
        self.workstations = Workstations([url.rstrip("/").removesuffix(BASE) for url in settings.urls], clock)
        self._connect_timeout = min(3.0, settings.timeout * 0.3)
        self._timeout = settings.timeout
        self._import_timeout = settings.import_timeout or settings.timeout
        self._guard = guard
        self._confirm = confirm or guard
        self._observe = observe
        self._clock = clock
        self._used_at = float("-inf")
        self._ended_at = float("-inf")
        self.login = LoginPause(settings.login_pause, clock, now)
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, BoundedSending(settings.longest_call))
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
            answer = self._call("GET", path, query)
            if answer.root is None:
                raise Unknown("UCCE's answer is empty", answer.status)
            if answer.root.tag != root:
                raise Unknown(f"the answer {answer.status} is {answer.root.tag}, not {root}: not UCCE's", answer.status)
            return answer.root

    def post(self, kind: str, path: str, body: bytes) -> Answer:
        with self._timed(kind, "POST", path):
            return self._call("POST", path, None, body, self._import_timeout if kind == "import" else self._timeout)

    def put(self, kind: str, path: str, body: bytes) -> Answer:
        with self._timed(kind, "PUT", path):
            return self._call("PUT", path, None, body)

    def first_answers(self) -> bool:
        """Whether the first Admin Workstation, while the second is in use, answers a reading as UCCE."""
        try:
            answer = self._call("GET", f"{BASE}/campaign", {"resultsPerPage": 1}, address=self.workstations.first)
        except UcceError:
            return False
        finally:
            self._session.close()
        return answer.root is not None and answer.root.tag == "results"

    def idle(self) -> float:
        """Seconds since a call last ended, however it did."""
        return self._clock() - self._ended_at

    def close(self) -> None:
        self._session.close()

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        seconds: float | None = None,
        *,
        address: str | None = None,
    ) -> Answer:
        try:
            answer = self._answer_to(
                method, (address or self.workstations.active) + path, query, body, seconds or self._timeout
            )
        except UcceError as error:
            if error.status == 401:
                self.login.refused(error)
            elif error.by_ucce:
                self.login.accepted()
            raise
        self.login.accepted()
        return answer

    def _answer_to(
        self, method: str, url: str, query: Mapping[str, str | int] | None, body: bytes | None, seconds: float
    ) -> Answer:
        self._guard(seconds)
        if self._clock() - self._used_at > KEEP_ALIVE_SECONDS:
            self._session.close()
        sent = Body(body, self._confirm, seconds - self._connect_timeout, self._clock) if body is not None else None
        status, location, content = self._exchange(method, url, query, sent, seconds)
        return _answer(status, location, content, wrote=body is not None)

    def _exchange(
        self, method: str, url: str, query: Mapping[str, str | int] | None, body: Body | None, seconds: float
    ) -> tuple[int, str | None, bytes]:
        deadline = self._clock() + seconds
        try:
            with self._session.request(
                method,
                url,
                params=query,
                data=body,
                headers={"Content-Type": "application/xml; charset=UTF-8"} if body is not None else None,
                timeout=(self._connect_timeout, seconds - self._connect_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = read_content(response.raw, deadline, self._clock)
                self._used_at = self._clock()
                return response.status_code, response.headers.get("Location"), content
        except (requests.RequestException, HTTPError, OSError, Endless) as error:
            reason = _connection_problem(error, urlsplit(url).hostname or "")
            if body is not None and body.begun:
                raise Unknown(f"the call broke off: {reason}") from error
            raise NothingTaken(f"UCCE cannot be reached: {reason}") from error

    @contextmanager
    def _timed(self, kind: str, method: str, path: str) -> Iterator[None]:
        self.login.require_over()
        match = _CAMPAIGN.search(path)
        campaign = int(match[1]) if match else None
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
                if self.workstations.call_ended(failed):
                    self._session.close()
            self._observe(Call(kind, method, campaign, outcome, ended - began, failed))


def path_of(url: str) -> str:
    """Path and query of a URL that UCCE gave: its host may be another one than ours (ucce/REFERENCE.md 1.2, Paging).

    It is appended to an address of ours and sent with our password, so only a path below BASE is taken: a text without
    one, such as `@host/` or `:port/`, would name another server. Raises Unknown.
    """
    match = _PAGE.search(url)
    if match is None:
        raise Unknown(f"UCCE's next page is not below {BASE}: it is not followed", 200)
    return match[0]


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


def _connection_problem(error: Exception, host: str) -> str:
    """What went wrong on the way, without addresses or library internals."""
    if isinstance(error, Endless):
        return str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return certificate_problem(error, host) or "TLS failed; does the Admin Workstation speak TLS 1.2 on this port?"
    if isinstance(error, requests.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return "the connection was refused or lost"
