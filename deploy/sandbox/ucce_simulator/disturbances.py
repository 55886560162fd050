"""Faults that tests ask for: answers prepared for the next requests, and a delay for all of them."""

import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

from deploy.sandbox.ucce_simulator.store import Store
from deploy.sandbox.ucce_simulator.wire import Request


@dataclass
class NextAnswer:
    """One prepared answer for the next `times` requests (0: until cleared) that fit by method, kind, path (a part of
    it) and workstation (1, 2), each only when given. In this order: `delayBefore` seconds; `reset` "before"; refusal of
    contacts; the work itself, except with a `status` and without `take`; `delayAfter` seconds; `reset` "after"; the
    answer, with `status`, `body` or `cutShort` applied. `bare`: the body is the HTML page of a web container or a
    proxy, without apiErrors.
    """

    method: str = ""
    kind: str = ""
    path: str = ""
    workstation: int = 0
    times: int = 1
    delayBefore: float = 0.0  # noqa: N815 - these are the names in the control's JSON
    delayAfter: float = 0.0  # noqa: N815
    reset: str = ""
    status: int = 0
    message: str = ""
    errorType: str = "simulator"  # noqa: N815
    errorData: str = ""  # noqa: N815
    take: bool = False
    bare: bool = False
    cutShort: bool = False  # noqa: N815
    body: str | None = None
    refusePhones: list[str] | None = None  # noqa: N815 - numbers that end so
    refuseAccounts: list[str] | None = None  # noqa: N815 - account numbers that begin so
    failAccounts: list[str] | None = None  # noqa: N815 - an import that holds one gets 500, and nothing of it is taken

    def fits(self, request: Request) -> bool:
        return (
            self.method in ("", request.method)
            and self.kind in ("", request.kind)
            and (not self.path or self.path in request.path)
            and self.workstation in (0, request.workstation)
        )

    @property
    def works(self) -> bool:
        """Is the request carried out?"""
        return self.reset != "before" and (self.take or not self.status)

    def refuses(self, account_number: str, phones: list[str]) -> bool:
        return any(account_number.startswith(start) for start in self.refuseAccounts or []) or any(
            phone.endswith(end) for phone in phones for end in self.refusePhones or []
        )

    def fails(self, account_numbers: list[str]) -> bool:
        return any(one.startswith(start) for one in account_numbers for start in self.failAccounts or [])


def from_json(value: Any) -> NextAnswer:
    """Raises ValueError naming what is wrong."""
    if not isinstance(value, dict):
        raise ValueError("a next answer is a JSON object")
    known = {item.name for item in fields(NextAnswer)}
    if unknown := sorted(set(value) - known):
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    planned = NextAnswer(**value)
    for item in fields(NextAnswer):
        given, default = getattr(planned, item.name), item.default
        kinds = {float: (int, float), type(None): (str, list, type(None))}.get(type(default), (type(default),))
        if not isinstance(given, kinds):
            raise ValueError(f"{item.name} cannot be {given!r}")
    if planned.reset not in ("", "before", "after"):
        raise ValueError("reset is before or after")
    return planned


class Disturbances:
    """Prepared answers live in memory and end with the process; the standing delay survives a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._queue: list[NextAnswer] = []

    @property
    def delay(self) -> float:
        """Seconds that every request waits before it is worked on."""
        return float(self._store.setting("delay", 0.0))

    def set_delay(self, seconds: float) -> None:
        self._store.set_setting("delay", seconds)

    def add(self, planned: list[NextAnswer]) -> None:
        with self._lock:
            self._queue.extend(planned)

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(planned) for planned in self._queue]

    def next_for(self, request: Request) -> NextAnswer:
        """The first prepared answer that fits, and one of its uses is gone; an empty one when none fits."""
        with self._lock:
            for index, planned in enumerate(self._queue):
                if planned.fits(request):
                    if planned.times == 1:
                        del self._queue[index]
                    elif planned.times > 1:
                        planned.times -= 1
                    return planned
        return NextAnswer()
