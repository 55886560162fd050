"""kazoo's asynchronous results and transactions, as far as the product uses them."""

from collections.abc import Callable
from typing import Any

from kazoo.handlers.threading import KazooTimeoutError

from tests.simulation.active import ACTIVE
from tests.simulation.threads import Event


class Result:
    """kazoo's AsyncResult."""

    def __init__(self) -> None:
        self._done = Event()
        self.value: Any = None
        self.exception: BaseException | None = None

    def settle(self, value: Any = None, error: BaseException | None = None) -> None:
        if not self._done.is_set():
            self.value, self.exception = value, error
            self._done.set()

    def ready(self) -> bool:
        return self._done.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        return self._done.wait(timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        ACTIVE.get().point("zk.get")
        if not self._done.wait(timeout):
            raise KazooTimeoutError
        if self.exception is not None:
            raise self.exception
        return self.value


class Transaction:
    """Operations that are carried out together, or none of them."""

    def __init__(self, ask: Callable[[str, tuple[Any, ...], dict[str, Any]], Result]) -> None:
        self._ask = ask
        self._operations: list[tuple[str, tuple[Any, ...]]] = []

    def set_data(self, path: str, value: bytes, version: int = -1) -> None:
        self._operations.append(("set", (path, value, version)))

    def check(self, path: str, version: int) -> None:
        self._operations.append(("check", (path, version)))

    def delete(self, path: str, version: int = -1) -> None:
        self._operations.append(("delete", (path, version)))

    def create(self, path: str, value: bytes = b"") -> None:
        self._operations.append(("create", (path, value)))

    def commit_async(self) -> Result:
        return self._ask("transaction", (self._operations,), {})
