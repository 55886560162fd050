"""Events, locks, threads and futures that wait in the scheduler."""

from collections import deque
from typing import Any

from tests.simulation.active import ACTIVE
from tests.simulation.scheduler import Task


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
    """A lock that is granted in the order of requests. Re-entrant locks are not needed."""

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
    """The part of concurrent.futures.Future that the product uses."""

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
