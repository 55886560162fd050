"""The deadline of the work at hand: one instant for all its retries, waits and statements.

A request sets it once, and the work of a lease follows what is left of that. Whatever waits below asks how much is
left. Without one, nothing is bounded here and each part keeps its own limits.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from shared.errors import Unavailable

_remaining: ContextVar[Callable[[], float] | None] = ContextVar("deadline", default=None)


class DeadlinePassed(Unavailable):
    """There is no time left to do it. Raised before it is begun, so nothing of it was done."""

    def __init__(self) -> None:
        super().__init__("This could not be done in time. Try again in a few seconds.")


def start(seconds: float) -> Token[Callable[[], float] | None]:
    """Set a deadline `seconds` from now until `end` is called with what this returns."""
    at = time.monotonic() + seconds
    return _remaining.set(lambda: at - time.monotonic())


def end(token: Token[Callable[[], float] | None]) -> None:
    """Take back the deadline that `start` set."""
    _remaining.reset(token)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is done inside has `seconds`."""
    token = start(seconds)
    try:
        yield
    finally:
        end(token)


@contextmanager
def following(left: Callable[[], float]) -> Iterator[None]:
    """What is done inside has the seconds that `left` says at each moment: a lease is extended or lost meanwhile."""
    token = _remaining.set(left)
    try:
        yield
    finally:
        end(token)


@contextmanager
def fixed() -> Iterator[None]:
    """What is done inside ends by the deadline as it is now, or sooner if it comes nearer, but never later."""
    left = _remaining.get()
    if left is None:
        yield
        return
    at = time.monotonic() + left()
    with following(lambda: min(at - time.monotonic(), left())):
        yield


def remaining() -> float:
    """Seconds that are left; infinite without a deadline, and negative once it has passed."""
    left = _remaining.get()
    return math.inf if left is None else left()


def require(seconds: float) -> None:
    """Raise DeadlinePassed unless more than `seconds` are left."""
    if remaining() <= seconds:
        raise DeadlinePassed
