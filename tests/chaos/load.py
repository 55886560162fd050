"""The clients: IVRs that book, repeat, move, cancel and ask, and repeat what got no answer."""

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.chaos.history import History, instant

PATIENCE = 12.0  # seconds for one answer: longer than the load balancer's own limit
TRIES = 5


@dataclass
class Order:
    """A booking as its client knows it; `answer` is None until one is certain."""

    key: str
    body: dict[str, Any]
    account: str | None = None
    refused: bool = False
    cancelled: bool = False


@dataclass
class Load:
    """`threads` clients; together they book `rate` times a second as far as the system lets them."""

    url: str
    key: str
    seed: int
    history: History
    rate: float = 14.0
    threads: int = 8
    orders: list[Order] = field(default_factory=list)

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
            thread.join(PATIENCE * (TRIES + 1))

    def ask_again(self) -> int:
        """Repeat every booking whose end its client does not know; how many there were."""
        client = Client(self, 900, random.Random(self.seed))
        unknown = [order for order in self.orders if not order.account and not order.refused]
        for order in unknown:
            client.book(order)
        for order in client.dice.sample(self.orders, min(100, len(self.orders))):
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

    def act(self, behind: bool) -> None:
        """One thing a caller might do."""
        act = self.dice.choices(
            (self.new, self.repeat, self.move, self.cancel, self.ask, self.look),
            (60 if behind else 3, 4, 6, 7, 4, 3),
        )[0]
        act()

    def new(self) -> None:
        self._made += 1
        n = self._number * 100_000 + self._made
        scarce = self.dice.random() < 0.12
        order = Order(
            key=f"{self._load.seed}-{n}",
            body={
                "phone": f"+1312{2_000_000 + n:07d}",
                "start": self._start(scarce),
                "skill": "Sales" if scarce else "Billing",
                "firstName": self.dice.choice(("Ada", "Björk", "a|b", "李", "")) or None,
                "callData": {"n": str(n)},
            },
        )
        order.body = {name: value for name, value in order.body.items() if value is not None}
        self._mine.append(order)
        self._load.orders.append(order)
        self.book(order)

    def book(self, order: Order) -> None:
        """POST until the answer is certain, as an IVR's retry would, always with the same key."""
        for attempt in range(TRIES):
            status, answer = self._call(
                "POST", "/api/v1/callbacks", order.body, key=order.key, op="book", repeat=attempt > 0
            )
            if status in (200, 201):
                order.account = answer["accountNumber"]
                return
            if status is not None and 400 <= status < 500 and status not in (408, 429):
                order.refused = True
                return
            time.sleep(self.dice.uniform(0.2, 0.8))

    def repeat(self) -> None:
        if order := self._some():
            self.book(order)

    def move(self) -> None:
        if order := self._some(recent=True):
            scarce = order.body["skill"] == "Sales"
            self._call("POST", f"/api/v1/callbacks/{order.account}/reschedule", {"start": self._start(scarce)},
                       op="reschedule", account=order.account)  # fmt: skip

    def cancel(self) -> None:
        if order := self._some(recent=True):
            status, _ = self._call("POST", f"/api/v1/callbacks/{order.account}/cancel", None, op="cancel",
                                   account=order.account)  # fmt: skip
            order.cancelled = order.cancelled or status == 204

    def ask(self) -> None:
        self._call(
            "GET", f"/api/v1/availability?skill={self.dice.choice(('Billing', 'Sales'))}", None, op="availability"
        )

    def look(self) -> None:
        if order := self._some():
            self._call("GET", f"/api/v1/callbacks/{order.account}", None, op="read", account=order.account)

    def _start(self, scarce: bool) -> str:
        """Within seconds; the scarce ones in one of a few slots, so that their last places are fought for."""
        now = datetime.now(UTC)
        if scarce:
            start = now + timedelta(minutes=30 * self.dice.randint(1, 40))
        elif self.dice.random() < 0.05:
            start = now + timedelta(hours=self.dice.randint(2, 48))
        else:
            start = now + timedelta(seconds=self.dice.uniform(0.5, 10))
        return start.isoformat(timespec="seconds")

    def _some(self, recent: bool = False) -> Order | None:
        booked = [order for order in self._mine[-12 if recent else 0 :] if order.account]
        return self.dice.choice(booked) if booked else None

    def _call(self, method: str, path: str, body: Any, *, op: str, key: str | None = None, account: str | None = None,
              repeat: bool = False) -> tuple[int | None, Any]:  # fmt: skip
        began = instant()
        status, answer, error = None, None, None
        try:
            response = self._session.request(
                method, self._load.url + path, json=body, headers={"Idempotency-Key": key} if key else {},
                timeout=PATIENCE,
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
            status=status, answer=answer, error=error, repeat=repeat,
        )  # fmt: skip
        return status, answer
