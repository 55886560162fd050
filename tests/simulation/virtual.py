"""Virtual time, threads and chance for the product's modules, in place of `time`, `threading`, `random` and `uuid`.

`installed` swaps the names in every module of the product for the length of a run; the product has no hooks for it.
Third-party modules keep the real ones: nothing of theirs waits while another greenlet runs.
"""

import random
import sys
import threading
import time
import types
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any

import ulid

from tests.simulation.scheduler import Node, Scheduler, Task

PRODUCT = ("shared", "services")
SHORTEST_SLEEP = 0.002  # seconds: polling more often than that shows nothing new


class Active:
    """The run under way."""

    scheduler: Scheduler | None = None
    chance = random.Random(0)

    def get(self) -> Scheduler:
        assert self.scheduler is not None, "no simulation is running"
        return self.scheduler

    def node(self) -> Node | None:
        task = self.scheduler.task() if self.scheduler else None
        return task.node if task else None


ACTIVE = Active()


class VirtualTime:
    """The module `time` as a node sees it; the real one while no simulation runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def monotonic(self) -> float:
        if ACTIVE.scheduler is None:
            return time.monotonic()
        node = ACTIVE.node()
        return 1000.0 + ACTIVE.scheduler.now - (node.slept if node else 0.0)

    def boottime(self) -> float:
        node = ACTIVE.node()
        return 1000.0 + ACTIVE.get().now - (node.paused if node else 0.0)

    def clock_gettime(self, clock: int) -> float:
        if ACTIVE.scheduler is None:
            return time.clock_gettime(clock)
        return self.boottime() if clock == time.CLOCK_BOOTTIME else self.monotonic()

    perf_counter = monotonic

    def time(self) -> float:
        if ACTIVE.scheduler is None:
            return time.time()
        node = ACTIVE.node()
        return ACTIVE.scheduler.epoch + ACTIVE.scheduler.now + (node.wall if node else 0.0)

    def time_ns(self) -> int:
        return int(self.time() * 1e9)

    def sleep(self, seconds: float) -> None:
        if ACTIVE.node() is None:
            time.sleep(seconds)
        elif seconds > 0:
            ACTIVE.get().sleep(max(seconds, SHORTEST_SLEEP))


TIME = VirtualTime()


class VirtualDatetime(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.fromtimestamp(TIME.time(), tz or UTC)


class Event:
    def __init__(self) -> None:
        self._set = False
        self._waiting: list[Task] = []

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        self._set = True
        waiting, self._waiting = self._waiting, []
        for task in waiting:
            ACTIVE.get().wake(task)

    def clear(self) -> None:
        self._set = False

    def wait(self, timeout: float | None = None) -> bool:
        if self._set:
            return True
        scheduler = ACTIVE.get()
        task = scheduler.task()
        if task is None:
            return self._set
        self._waiting.append(task)
        try:
            scheduler.block(timeout)
        finally:
            if task in self._waiting:
                self._waiting.remove(task)
        return self._set


class Lock:
    """First come, first served; re-entrant ones are not needed by what runs here."""

    def __init__(self) -> None:
        self._held = False
        self._waiting: deque[Task] = deque()

    def locked(self) -> bool:
        return self._held

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not self._held:
            self._held = True
            return True
        if not blocking:
            return False
        scheduler = ACTIVE.get()
        task = scheduler.task()
        assert task is not None, "a lock is held across a switch and wanted by the hub"
        self._waiting.append(task)
        try:
            return scheduler.block(None if timeout < 0 else timeout)  # woken: the lock was handed over
        finally:
            if task in self._waiting:
                self._waiting.remove(task)

    def release(self) -> None:
        while self._waiting:
            task = self._waiting.popleft()
            if not task.over and not task.node.dead:
                ACTIVE.get().wake(task)
                return
        self._held = False

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Thread:
    def __init__(
        self,
        group: None = None,
        target: Any = None,
        name: str = "thread",
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        daemon: bool | None = None,
    ) -> None:
        self._run = lambda: target(*args, **(kwargs or {}))
        self.name, self.daemon = name, daemon
        self._task: Task | None = None

    def start(self) -> None:
        node = ACTIVE.node()
        assert node is not None, "a thread belongs to a node"
        self._task = ACTIVE.get().spawn(node, self._run, self.name)

    def is_alive(self) -> bool:
        return self._task is not None and not self._task.over

    def join(self, timeout: float | None = None) -> None:
        scheduler = ACTIVE.get()
        mine = scheduler.task()
        if self._task is None or self._task.over or mine is None:
            return
        self._task.joining.append(mine)
        try:
            scheduler.block(timeout)
        finally:
            if mine in self._task.joining:
                self._task.joining.remove(mine)


class VirtualFuture:
    """As much of concurrent.futures.Future as the product uses."""

    def __init__(self) -> None:
        self._done = Event()
        self._result: Any = None
        self._error: BaseException | None = None

    def __class_getitem__(cls, _item: Any) -> Any:
        return cls

    def done(self) -> bool:
        return self._done.is_set()

    def set_result(self, result: Any) -> None:
        self._result = result
        self._done.set()

    def set_exception(self, error: BaseException | None) -> None:
        self._error = error
        self._done.set()

    def exception(self, timeout: float | None = None) -> BaseException | None:
        if not self._done.wait(timeout):
            raise TimeoutError
        return self._error

    def result(self, timeout: float | None = None) -> Any:
        error = self.exception(timeout)
        if error is not None:
            raise error
        return self._result


class _Threading(types.SimpleNamespace):
    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)


THREADING = _Threading(Event=Event, Lock=Lock, RLock=Lock, Thread=Thread)


class _Random:
    def __getattr__(self, name: str) -> Any:
        return getattr(ACTIVE.chance, name)


class _Uuid(types.SimpleNamespace):
    def uuid4(self) -> uuid.UUID:
        return uuid.UUID(int=ACTIVE.chance.getrandbits(128), version=4)

    def __getattr__(self, name: str) -> Any:
        return getattr(uuid, name)


_SWAPS: dict[int, Any] = {
    id(time): TIME,
    id(threading): THREADING,
    id(random): _Random(),
    id(uuid): _Uuid(),
    id(Future): VirtualFuture,
    id(time.monotonic): TIME.monotonic,
    id(time.sleep): TIME.sleep,
    id(time.time): TIME.time,
    id(threading.Event): Event,
    id(threading.Lock): Lock,
    id(threading.Thread): Thread,
}


@contextmanager
def installed(*more: tuple[Any, Any]) -> Iterator[None]:
    """Swap the names in the product's modules, which must all have been imported; and those of `more`, each a pair
    of what is there and what takes its place."""
    undo: list[tuple[Any, str, Any]] = []
    swaps = _SWAPS | {id(old): new for old, new in more}

    def put(owner: Any, name: str, value: Any) -> None:
        undo.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    for module in [module for name, module in sys.modules.items() if name.split(".")[0] in PRODUCT]:
        for name, value in list(vars(module).items()):
            if id(value) in swaps:
                put(module, name, swaps[id(value)])
            elif str(getattr(value, "__module__", "")).split(".")[0] in PRODUCT:
                _swap_defaults(value, put)
    put(sys.modules["shared.clock"], "datetime", VirtualDatetime)
    generator = ulid.ULIDGenerator(randomness=lambda _: ACTIVE.chance.randbytes(10), policy=ulid.PureRandomPolicy())
    put(ulid, "default_generator", generator)
    try:
        yield
    finally:
        for owner, name, value in reversed(undo):
            setattr(owner, name, value)


def _swap_defaults(value: Any, put: Any) -> None:
    """A default argument was taken from `time` when its function was defined."""
    functions = [value] if isinstance(value, types.FunctionType) else []
    if isinstance(value, type):
        functions = [member for member in vars(value).values() if isinstance(member, types.FunctionType)]
    for function in functions:
        if function.__defaults__ and any(id(one) in _SWAPS for one in function.__defaults__):
            put(function, "__defaults__", tuple(_SWAPS.get(id(one), one) for one in function.__defaults__))
        named = function.__kwdefaults__
        if named and any(id(one) in _SWAPS for one in named.values()):
            put(function, "__kwdefaults__", {name: _SWAPS.get(id(one), one) for name, one in named.items()})
