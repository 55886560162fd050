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
# How a booking is keyed: mostly so that it can be repeated; else it is sent once, whatever comes of it.
KEYED, EMPTY, ABSENT = "keyed", "empty", "absent"


@dataclass
class Order:
    """A booking as its client knows it; `account` is None until an answer names it. `person`: a Caller."""

    n: int
    key: str | None
    body: dict[str, Any]
    person: dict[str, Any]
    shared: bool = False  # its number is other orders' too
    account: str | None = None
    refused: bool = False
    cancelled: bool = False
    moves: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # acknowledged ones: key, body

    @property
    def kept(self) -> str:
        """The number, as the database has it."""
        return str(self.person["kept"])

    @property
    def open_end(self) -> bool:
        """Whether its end is not known and can be asked for."""
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
    orders: list[Order] = field(default_factory=list)
    retired: set[str] = field(default_factory=set)  # account numbers that are so old that nobody asks for them

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._threads = [
            threading.Thread(target=self._client, args=(number,), daemon=True) for number in range(self.threads)
        ]

    @property
    def booked(self) -> int:
        return sum(1 for order in self.orders if order.account)

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
        """Repeat every booking whose end its client does not know; how many there were."""
        client = Client(self, 900, random.Random(self.seed))
        unknown = [order for order in self.orders if order.open_end]
        for order in unknown:
            client.book(order)
        keyed = [order for order in self.orders if order.key and order.account not in self.retired]
        for order in client.dice.sample(keyed, min(100, len(keyed))):
            client.book(order)
        return len(unknown)

    def _client(self, number: int) -> None:
        dice = random.Random(f"{self.seed}-{number}")
        client = Client(self, number, dice)
        # Each has its turns; the pace makes up for what faults cost.
        while not self._stop.wait(dice.uniform(0.05, 0.3)):
            behind = len(self.orders) < (time.monotonic() - self._began) * self.rate
            client.act(behind)


class Client:
    def __init__(self, load: Load, number: int, dice: random.Random) -> None:
        self._load, self._number, self.dice = load, number, dice
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["X-API-Key"] = load.key
        self._mine: list[Order] = []
        self._made = 0
        self._moved = 0

    def act(self, behind: bool) -> None:
        """One thing a caller might do."""
        acts = ((self.new, 60 if behind else 3), (self.repeat, 4), (self.move, 7), (self.cancel, 5), (self.ask, 3),
                (self.look, 4), (self.reuse, 1), (self.past, 4), (self.listed, 1), (self.stale, 2))  # fmt: skip
        self.dice.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()

    def new(self) -> None:
        self._made += 1
        n = self._number * 100_000 + self._made
        skill = self.dice.choices(("Billing", "Sales", "Support"), (64, 18, 18))[0]
        person = make_caller(self.dice, n)
        shared = self.dice.random() < 0.03
        if shared:
            person = with_number(person, self.dice.choice(SHARED))
        keyed = self.dice.choices((KEYED, EMPTY, ABSENT), (90, 4, 6))[0]
        body = {
            "phone": person.said,
            "start": self._start(skill == "Sales"),
            "skill": skill,
            "firstName": person.first[0],
            "lastName": person.last[0],
            "callData": {"n": str(n), "reason": self.dice.choice(("invoice", "délai", "a=b&c"))},
        }
        key = {KEYED: f"{self._load.seed}-{n}", EMPTY: "", ABSENT: None}[keyed]
        order = Order(
            n, key, {name: value for name, value in body.items() if value is not None}, asdict(person), shared
        )
        self._mine.append(order)
        self._load.orders.append(order)
        self.book(order)

    def book(self, order: Order) -> None:
        """POST until the answer is certain, as an IVR's retry would, with the same key; without one only once."""
        for attempt in range(TRIES if order.key else 1):
            status, answer = self._call("POST", "/api/v1/callbacks", order.body, key=order.key, op="book",
                                        repeat=attempt > 0, n=order.n, person=order.person)  # fmt: skip
            if status in (200, 201):
                order.account = answer["accountNumber"]
                return
            if _refused(status):
                order.refused = True
                return
            time.sleep(self.dice.uniform(0.2, 0.8))

    def repeat(self) -> None:
        if (order := self._some()) and order.key:
            self.book(order)

    def reuse(self) -> None:
        """The key of a booking with another order: nothing may come of it."""
        if (order := self._some()) and order.key:
            body = {**order.body, "callData": {"n": f"reused {order.n}"}}
            self._call("POST", "/api/v1/callbacks", body, key=order.key, op="reuse", account=order.account)

    def past(self) -> None:
        """A start an hour and a half ago, which would expire at once."""
        start = (datetime.now(UTC) - timedelta(minutes=95)).isoformat(timespec="seconds")
        body = {"phone": f"+1312297{self.dice.randint(0, 9999):04d}", "start": start, "skill": "Billing",
                "callData": {"n": f"past {self.dice.getrandbits(48):x}"}}  # fmt: skip
        self._call("POST", "/api/v1/callbacks", body, op="past")

    def listed(self) -> None:
        """A number that has been on the do-not-call list all the time."""
        body = {"phone": self.dice.choice(LISTED), "start": self._start(False), "skill": "Billing",
                "callData": {"n": "listed"}}  # fmt: skip
        self._call("POST", "/api/v1/callbacks", body, op="listed")

    def move(self) -> None:
        """With a key, repeated until the answer is certain; or without, once."""
        if not (order := self._some(recent=True)):
            return
        self._moved += 1
        key = f"{self._load.seed}-m{self._number}-{self._moved}" if self.dice.random() < 0.7 else None
        body = {"start": self._start(order.body["skill"] == "Sales")}
        for attempt in range(TRIES if key else 1):
            status, _ = self._move(order, key, body, repeat=attempt > 0)
            if status == 200 and key:
                order.moves.append((key, body))
            if status == 200 or _refused(status):
                return
            time.sleep(self.dice.uniform(0.2, 0.8))

    def stale(self) -> None:
        """A move from before the last one arrives once more, as a load balancer may send it: it must change nothing."""
        moved = [order for order in self._mine[-40:] if len(order.moves) > 1]
        if moved and self._load.keyed_moves:
            order = self.dice.choice(moved)
            self._move(order, *order.moves[-2], repeat=True, stale=True)

    def _move(self, order: Order, key: str | None, body: dict[str, Any], **how: Any) -> tuple[int | None, Any]:
        path = f"/api/v1/callbacks/{order.account}/reschedule"
        return self._call("POST", path, body, op="reschedule", key=key, account=order.account, **how)

    def cancel(self) -> None:
        if order := self._some(recent=True):
            status, _ = self._call("POST", f"/api/v1/callbacks/{order.account}/cancel", None, op="cancel",
                                   account=order.account)  # fmt: skip
            order.cancelled = order.cancelled or status == 204

    def ask(self) -> None:
        skill = self.dice.choice(("Billing", "Sales", "Support"))
        self._call("GET", f"/api/v1/availability?skill={skill}", None, op="availability")

    def look(self) -> None:
        if order := self._some():
            self._call("GET", f"/api/v1/callbacks/{order.account}", None, op="read", account=order.account)

    def _start(self, scarce: bool) -> str:
        """Within seconds; the scarce ones in one of a few slots, so that their last places are fought for."""
        now = datetime.now(UTC)
        if scarce:
            start = now + timedelta(minutes=30 * self.dice.randint(1, 4))
        elif self.dice.random() < 0.05:
            start = now + timedelta(hours=self.dice.randint(2, 48))
        else:
            start = now + timedelta(seconds=self.dice.uniform(0.5, 10))
        return start.isoformat(timespec="seconds")

    def _some(self, recent: bool = False) -> Order | None:
        retired = self._load.retired
        booked = [one for one in self._mine[-12 if recent else 0 :] if one.account and one.account not in retired]
        return self.dice.choice(booked) if booked else None

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
    """Whether this is a certain no."""
    return status is not None and 400 <= status < 500 and status not in (408, 429)
