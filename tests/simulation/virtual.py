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
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any

import ulid

from tests.simulation.active import ACTIVE
from tests.simulation.threads import Event, Lock, Thread, VirtualFuture

PRODUCT = ("shared", "services")
MIN_SLEEP_SECONDS = 0.002  # seconds: polling more often than that shows nothing new


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
            ACTIVE.get().sleep(max(seconds, MIN_SLEEP_SECONDS))


TIME = VirtualTime()


class VirtualDatetime(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the product is given real ones
        return datetime.fromtimestamp(TIME.time(), tz or UTC)


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
