"""Waits for a condition: polls it until it holds or the time is up."""

import os
import time
from collections.abc import Callable
from typing import Literal, TypeVar

T = TypeVar("T")
# On a database server statements take longer than on SQLite, above all to plan.
TIMEOUT_FACTOR = 4.0 if os.environ.get("CM_TEST_DATABASE_URL") else 1.0


def until(
    condition: Callable[[], T | Literal[False] | None], timeout: float = 10.0, every: float = 0.02, what: str = ""
) -> T:
    """Call `condition` until it returns something true and return that.

    An exception inside counts as "not yet"; the last one is shown when `timeout` (seconds; times TIMEOUT_FACTOR)
    runs out. Raises AssertionError then.
    """
    timeout *= TIMEOUT_FACTOR
    deadline = time.monotonic() + timeout
    last: BaseException | None = None
    while True:
        try:
            value = condition()
        except Exception as error:
            last = error
        else:
            last = None
            if value:
                return value
        if time.monotonic() >= deadline:
            name = what or getattr(condition, "__name__", "condition")
            raise AssertionError(f"{name} did not hold within {timeout} s") from last
        time.sleep(every)
