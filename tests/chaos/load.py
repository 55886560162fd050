"""The clients: IVRs that book, repeat, move, cancel and ask, and repeat what got no answer."""

import random
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.chaos.client_requests import LISTED, SHARED, make_caller, with_number
from tests.chaos.history import History, instant

TIMEOUT_SECONDS = 12.0  # for one answer: longer than the load balancer's own limit
TRIES = 5
# The Idempotency-Key of a booking. One with a key is repeated until its answer is certain, others are sent once.
KEYED, EMPTY, ABSENT = "keyed", "empty", "absent"


@dataclass
class Booking:
    """A booking as its client knows it; `account` is None until an answer names it. `person`: a Caller."""

    n: int
    key: str | None
    body: dict[str, Any]
    person: dict[str, Any]
    shared: bool = False  # other bookings have its number too
    account: str | None = None
    refused: bool = False
    cancelled: bool = False
    moves: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # acknowledged ones: key, body

    @property
    def kept(self) -> str:
        """The number as the database stores it."""
        return str(self.person["kept"])

    @property
    def open_end(self) -> bool:
        """Whether its outcome is unknown and a repeat with its key can tell it."""
        return not self.account and not self.refused and bool(self.key)


@dataclass
class Load:
    """`threads` clients; together they book `rate` times a second as far as the system lets them."""

    url: str
    key: str
    seed: int
    history: History
    rate: float = 14.0
    threads: int = 8
    keyed_moves: bool = True  # whether older moves are sent once more, with their keys
    bookings: list[Booking] = field(default_factory=list)
    retired: set[str] = field(default_factory=set)  # account numbers that were made old: no more requests for them

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._threads = [
            threading.Thread(target=self._client, args=(number,), daemon=True) for number in range(self.threads)
        ]

    @property
    def booked(self) -> int:
        return sum(1 for booking in self.bookings if booking.account)

    def start(self) -> None:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop asking; calls under way end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(TIMEOUT_SECONDS * (TRIES + 1))

    def ask_again(self) -> int:
        """Repeat every booking whose outcome its client does not know; returns how many there were."""
        client = Client(self, 900, random.Random(self.seed))
        unknown = [booking for booking in self.bookings if booking.open_end]
        for booking in unknown:
            client.book(booking)
        keyed = [booking for booking in self.bookings if booking.key and booking.account not in self.retired]
        for booking in client.rng.sample(keyed, min(100, len(keyed))):
            client.book(booking)
        return len(unknown)

    def _client(self, number: int) -> None:
        rng = random.Random(f"{self.seed}-{number}")
        client = Client(self, number, rng)
        # A client that is behind the rate books, to make up for time lost in faults.
        while not self._stop.wait(rng.uniform(0.05, 0.3)):
            behind = len(self.bookings) < (time.monotonic() - self._began) * self.rate
            client.act(behind)


class Client:
    def __init__(self, load: Load, number: int, rng: random.Random) -> None:
        self._load, self._number, self.rng = load, number, rng
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["X-API-Key"] = load.key
        self._mine: list[Booking] = []
        self._made = 0
        self._moved = 0

    def act(self, behind: bool) -> None:
        """Make one request of a random kind."""
        acts = ((self.new, 60 if behind else 3), (self.repeat, 4), (self.move, 7), (self.cancel, 5), (self.ask, 3),
                (self.look, 4), (self.reuse, 1), (self.past, 4), (self.listed, 1), (self.stale, 2))  # fmt: skip
        self.rng.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()

    def new(self) -> None:
        self._made += 1
        n = self._number * 100_000 + self._made
        skill = self.rng.choices(("Billing", "Sales", "Support"), (64, 18, 18))[0]
        person = make_caller(self.rng, n)
        shared = self.rng.random() < 0.03
        if shared:
            person = with_number(person, self.rng.choice(SHARED))
        keyed = self.rng.choices((KEYED, EMPTY, ABSENT), (90, 4, 6))[0]
        body = {
            "phone": person.written,
            "start": self._start(skill == "Sales"),
            "skill": skill,
            "firstName": person.first[0],
            "lastName": person.last[0],
            "callData": {"n": str(n), "reason": self.rng.choice(("invoice", "délai", "a=b&c"))},
        }
        key = {KEYED: f"{self._load.seed}-{n}", EMPTY: "", ABSENT: None}[keyed]
        booking = Booking(
            n, key, {name: value for name, value in body.items() if value is not None}, asdict(person), shared
        )
        self._mine.append(booking)
        self._load.bookings.append(booking)
        self.book(booking)

    def book(self, booking: Booking) -> None:
        """POST until the answer is certain, as an IVR's retry would, with the same key; without one only once."""
        for attempt in range(TRIES if booking.key else 1):
            status, answer = self._call("POST", "/api/v1/callbacks", booking.body, key=booking.key, op="book",
                                        repeat=attempt > 0, n=booking.n, person=booking.person)  # fmt: skip
            if status in (200, 201):
                booking.account = answer["accountNumber"]
                return
            if _refused(status):
                booking.refused = True
                return
            time.sleep(self.rng.uniform(0.2, 0.8))

    def repeat(self) -> None:
        if (booking := self._some()) and booking.key:
            self.book(booking)

    def reuse(self) -> None:
        """Send the key of an earlier booking with another body; it must be refused."""
        if (booking := self._some()) and booking.key:
            body = {**booking.body, "callData": {"n": f"reused {booking.n}"}}
            self._call("POST", "/api/v1/callbacks", body, key=booking.key, op="reuse", account=booking.account)

    def past(self) -> None:
        """Book a start an hour and a half ago; it must be refused."""
        start = (datetime.now(UTC) - timedelta(minutes=95)).isoformat(timespec="seconds")
        body = {"phone": f"+1312297{self.rng.randint(0, 9999):04d}", "start": start, "skill": "Billing",
                "callData": {"n": f"past {self.rng.getrandbits(48):x}"}}  # fmt: skip
        self._call("POST", "/api/v1/callbacks", body, op="past")

    def listed(self) -> None:
        """Book for a number that is on the do-not-call list during the whole run."""
        body = {"phone": self.rng.choice(LISTED), "start": self._start(False), "skill": "Billing",
                "callData": {"n": "listed"}}  # fmt: skip
        self._call("POST", "/api/v1/callbacks", body, op="listed")

    def move(self) -> None:
        """Move a callback: with a key, repeated until the answer is certain; or without, once."""
        if not (booking := self._some(recent=True)):
            return
        self._moved += 1
        key = f"{self._load.seed}-m{self._number}-{self._moved}" if self.rng.random() < 0.7 else None
        body = {"start": self._start(booking.body["skill"] == "Sales")}
        for attempt in range(TRIES if key else 1):
            status, _ = self._move(booking, key, body, repeat=attempt > 0)
            if status == 200 and key:
                booking.moves.append((key, body))
            if status == 200 or _refused(status):
                return
            time.sleep(self.rng.uniform(0.2, 0.8))

    def stale(self) -> None:
        """Repeat the move before the last one with its key, as a load balancer may: it must change nothing."""
        moved = [booking for booking in self._mine[-40:] if len(booking.moves) > 1]
        if moved and self._load.keyed_moves:
            booking = self.rng.choice(moved)
            self._move(booking, *booking.moves[-2], repeat=True, stale=True)

    def _move(self, booking: Booking, key: str | None, body: dict[str, Any], **how: Any) -> tuple[int | None, Any]:
        path = f"/api/v1/callbacks/{booking.account}/reschedule"
        return self._call("POST", path, body, op="reschedule", key=key, account=booking.account, **how)

    def cancel(self) -> None:
        if booking := self._some(recent=True):
            status, _ = self._call("POST", f"/api/v1/callbacks/{booking.account}/cancel", None, op="cancel",
                                   account=booking.account)  # fmt: skip
            booking.cancelled = booking.cancelled or status == 204

    def ask(self) -> None:
        skill = self.rng.choice(("Billing", "Sales", "Support"))
        self._call("GET", f"/api/v1/availability?skill={skill}", None, op="availability")

    def look(self) -> None:
        if booking := self._some():
            self._call("GET", f"/api/v1/callbacks/{booking.account}", None, op="read", account=booking.account)

    def _start(self, scarce: bool) -> str:
        """A start within seconds; for scarce slots one of the next four, so that clients compete for the last
        places.
        """
        now = datetime.now(UTC)
        if scarce:
            start = now + timedelta(minutes=30 * self.rng.randint(1, 4))
        elif self.rng.random() < 0.05:
            start = now + timedelta(hours=self.rng.randint(2, 48))
        else:
            start = now + timedelta(seconds=self.rng.uniform(0.5, 10))
        return start.isoformat(timespec="seconds")

    def _some(self, recent: bool = False) -> Booking | None:
        retired = self._load.retired
        booked = [one for one in self._mine[-12 if recent else 0 :] if one.account and one.account not in retired]
        return self.rng.choice(booked) if booked else None

    def _call(self, method: str, path: str, body: Any, *, op: str, key: str | None = None, account: str | None = None,
              repeat: bool = False, stale: bool = False, **more: Any) -> tuple[int | None, Any]:  # fmt: skip
        began = instant()
        status, answer, error = None, None, None
        try:
            response = self._session.request(
                method, self._load.url + path, json=body, headers={} if key is None else {"Idempotency-Key": key},
                timeout=TIMEOUT_SECONDS,
            )  # fmt: skip
            status = response.status_code
            answer = response.json() if response.content else None
        except (requests.RequestException, ValueError) as failure:
            error = type(failure).__name__
            status = None
        if account is None and isinstance(answer, dict) and status in (200, 201):
            account = answer.get("accountNumber")
        self._load.history.add(
            client=self._number, op=op, key=key, account=account, began=began, ended=instant(), request=body,
            status=status, answer=answer, error=error, repeat=repeat, stale=stale, **more,
        )  # fmt: skip
        return status, answer


def _refused(status: int | None) -> bool:
    """Whether the status is a final refusal."""
    return status is not None and 400 <= status < 500 and status not in (408, 429)
