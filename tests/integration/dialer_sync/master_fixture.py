"""A master for tests: a configured database, a simulated UCCE, and cycles that the test runs at times of its choice."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.cycle import run_cycle
from services.dialer_sync.cycle_context import CycleContext, no_checkpoint
from services.dialer_sync.election.fencing import begin_term
from services.dialer_sync.election.lease import LeaderTerm
from services.dialer_sync.election.timing import Timing
from services.dialer_sync.election.zookeeper_access import OPEN
from services.dialer_sync.handover.batch_store import FencedActor
from services.dialer_sync.settings import WorkerSettings
from services.dialer_sync.ucce.client import UcceClient, UcceSettings, no_guard
from services.dialer_sync.ucce.connection.transport import Guard
from services.dialer_sync.ucce.errors import UcceError
from shared.db import models
from tests.support.configured_database import NOW, World

_epochs = itertools.count(100)
_ULID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Clock:
    """Wall and monotonic time of a test, moved by the test; `advance` moves both."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.steady = 1000.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.steady

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.steady += seconds


def worker_settings(ucce: UcceSettings, **changes: Any) -> WorkerSettings:
    values: dict[str, Any] = {
        "node": "node-a", "database_url": "", "database_pool_size": 4, "database_timeout": 3.0,
        "database_login_timeout": 3.0, "redis_url": "redis://127.0.0.1:1/0", "redis_timeout": 0.1,
        "log_level": "INFO", "log_format": "json", "host": "127.0.0.1", "port": 0, "zookeeper_hosts": "127.0.0.1:1",
        "zookeeper_root": "/test", "zookeeper_access": OPEN, "timing": Timing.of(6.0), "sync_interval": 60.0,
        "ucce": ucce, "settle_grace": 120.0, "list_lag": 0.0, "batch_size": 500,
    }  # fmt: skip
    return WorkerSettings(**(values | changes))


@dataclass
class MasterFixture:
    """One master. `cycle()` runs a cycle; `errors` holds UCCE's errors of all cycles."""

    world: World
    simulator: UcceSimulator
    clock: Clock = field(default_factory=Clock)
    settings: dict[str, Any] = field(default_factory=dict)
    guard: Guard = no_guard
    node: str = "node-a"
    errors: list[UcceError] = field(default_factory=list)
    context: CycleContext = field(init=False)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self, node: str | None = None) -> None:
        """Begin a new term, as after a failover: the state in memory is empty."""
        self.node = node or self.node
        ucce = UcceSettings(
            self.simulator.url,
            self.simulator.user,
            self.simulator.password,
            str(self.simulator.ca_file),
            1.0,
            login_pause=0.01,
        )
        epoch = begin_term(self.world.database, LeaderTerm(next(_epochs), self.clock.now, self.node), lambda: None)
        self.context = CycleContext(
            self.world.database,
            self.world.config_cache,
            UcceClient(ucce, self.guard, clock=self.clock.monotonic, now=self.clock),
            worker_settings(ucce, node=self.node, **self.settings),
            FencedActor(epoch, self.node),
            self.clock,
            self.clock.monotonic,
            no_checkpoint,
        )

    def cycle(self) -> str:
        return self.cycle_of(self.context)

    def cycles(self, seconds: float, step: float = 15.0) -> None:
        """Run a cycle now and one after each `step` seconds, for `seconds`, as a master does while something is
        unsettled.
        """
        self.cycle()
        while seconds > 0:
            self.clock.advance(min(step, seconds))
            seconds -= step
            self.cycle()

    def work_off(self) -> str:
        """Run a cycle, and further ones while it asks for another at once; returns their sentences."""
        said = [self.cycle()]
        while self.context.again:
            said.append(self.cycle())
        return "; ".join(said)

    def cycle_of(self, term: CycleContext) -> str:
        """Run a cycle with the context of another master, such as a stale one."""
        return run_cycle(term, self.errors.append)

    def add(self, count: int = 1, *, due: datetime | None = None, **values: Any) -> list[str]:
        """Scheduled callbacks written straight into the database, due now; their account numbers."""
        due = due or self.clock.now
        slot_start = due.replace(minute=due.minute // 30 * 30, second=0, microsecond=0)
        rows = [
            {
                "account_number": _account_number(), "status": "scheduled", "phone": f"+1312{n:07}", "open_rank": 1,
                "skill_id": self.world.skill_id, "campaign_id": self.world.campaign_id,
                "pool_id": self.world.pool_id, "slot_start": slot_start, "start_at": due, "due_at": due,
                "first_name": "Ivan", "last_name": "Petrov", "call_data": {}, "source": "ivr", "attempts": 0,
                "created_at": self.clock.now, "changed_at": self.clock.now, **values,
            }
            for n in (next(_numbers) for _ in range(count))
        ]  # fmt: skip
        with self.world.database.writing() as tx:
            tx.execute(insert(models.Callback), rows)
            for row in rows:
                slot = models.Slot.pool_id == row["pool_id"], models.Slot.start_at == row["slot_start"]
                if row["status"] != "cancelled":  # where the master has made the slot's row
                    tx.execute(update(models.Slot).where(*slot).values(booked=models.Slot.booked + 1))
            tx.commit()
        return [str(row["account_number"]) for row in rows]

    def add_with_places(self, count: int = 1, *, due: datetime | None = None) -> list[str]:
        """As `add`, and their slots count them as booked."""
        numbers = self.add(count, due=due)
        at = {"pool_id": self.world.pool_id, "start_at": self.callback(numbers[0]).slot_start}
        known = self.world.rows(models.Slot, **at)
        if known:
            places = known[0].booked
            self.world.configure(models.Slot, {"booked": places, "capacity": places}, id=known[0].id)
        else:
            self.world.add(models.Slot, capacity=count, booked=count, **at)
        return numbers

    def callback(self, account_number: str) -> Any:
        return self.world.rows(models.Callback, account_number=account_number)[0]

    def statuses(self, account_numbers: Sequence[str]) -> list[str]:
        return [self.callback(account_number).status for account_number in account_numbers]

    def attempts(self, account_number: str) -> Sequence[Any]:
        return self.world.rows(models.Attempt, account_number=account_number)

    def events(self, account_number: str) -> list[tuple[str | None, str]]:
        rows = self.world.rows(models.CallbackEvent, account_number=account_number)
        return [(row.from_status, row.to_status) for row in rows]

    def campaign(self) -> Any:
        return self.world.rows(models.Campaign, id=self.world.campaign_id)[0]

    def configure_campaign(self, **values: Any) -> None:
        with self.world.database.writing() as tx:
            tx.execute(update(models.Campaign).where(models.Campaign.id == self.world.campaign_id).values(**values))
            tx.commit()

    def posts(self) -> list[dict[str, Any]]:
        """The imports that UCCE received, whatever it answered."""
        received = self.simulator.control.received(kind="import", method="POST", limit=10_000)
        return [request for request in received if request["method"] == "POST"]


def written(master: MasterFixture, after: int) -> list[tuple[str, str]]:
    """The writing requests that the product sent to UCCE since the request numbered `after`."""
    asked = master.simulator.control.received(after=after, limit=10_000)
    return [(one["method"], one["path"]) for one in asked if one["method"] != "GET"]


def so_far(master: MasterFixture) -> int:
    received = master.simulator.control.received(limit=10_000)
    return received[-1]["sequence"] if received else 0


_numbers = itertools.count(5_000_000)


def _account_number() -> str:
    """Account numbers in the form of a ULID, ascending."""
    number, letters = next(_serial), ""
    while number:
        number, rest = divmod(number, 32)
        letters = _ULID_LETTERS[rest] + letters
    return f"01JZ8Q4T7M{letters:0>16}"


_serial = itertools.count(1)
