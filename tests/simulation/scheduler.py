"""One thread, one virtual clock: every thread of every node is a greenlet, and the scheduler decides which one runs.

A node's code calls `point` before each statement, ZooKeeper request and UCCE exchange. There the node may be delayed,
crashed or suspended, and the turn may go to another node.
"""

import hashlib
import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from greenlet import GreenletExit, getcurrent, greenlet

if TYPE_CHECKING:
    from tests.simulation.zookeeper import ZooKeeper

MAX_STEPS_AT_ONCE = 20_000  # at one instant of virtual time: more means a loop that never waits


class Killed(GreenletExit):
    """The process of this greenlet was killed. Not an Exception: no handler of the product stops it."""


class Livelock(Exception):
    """A node runs without ever waiting."""


@dataclass(eq=False)
class Node:
    """One process from its start to its end. `wall`: seconds by which its wall clock is ahead of the true time."""

    name: str
    boot: int
    chance: Random
    started: float
    wall: float = 0.0
    slept: float = 0.0  # seconds for which the machine was suspended: CLOCK_MONOTONIC stood still
    paused: float = 0.0  # seconds for which its hypervisor paused it: CLOCK_BOOTTIME stood still as well
    frozen_until: float = 0.0
    dead: bool = False
    tasks: "list[Task]" = field(default_factory=list)
    on_death: list[Callable[[], None]] = field(default_factory=list)
    on_suspend: list[Callable[[float], None]] = field(default_factory=list)


class Task(greenlet):
    """A greenlet of a node; `timer` is its entry in the heap while it waits for a time."""

    def __init__(self, scheduler: "Scheduler", node: Node, run: Callable[[], Any], name: str) -> None:
        super().__init__(self._body, scheduler.hub)
        self.scheduler, self.node, self.name, self.function = scheduler, node, name, run
        self.timer: list[Any] | None = None
        self.joining: deque[Task] = deque()
        self.over = False

    def _body(self) -> None:
        try:
            if not self.node.dead:
                self.function()
        except Killed:
            pass
        except BaseException as error:  # an exception that ends a thread of the product is a finding
            self.scheduler.failures.append((self, error))
        finally:
            self.over = True
            self.node.tasks.remove(self)
            for task in self.joining:
                self.scheduler.wake(task)


class Scheduler:
    """`now` is the true time, in seconds since the run began."""

    zookeeper: "ZooKeeper"  # which the clients of this run find here

    def __init__(self, seed: str, epoch: float, switch: float = 0.0, stall: float = 0.0) -> None:
        """`epoch` is the Unix time at 0; `switch` and `stall` the chances of a short and a long delay at a point."""
        self.hub = getcurrent()
        self.current: Task | None = None  # the task that runs, None in the hub
        self.now = 0.0
        self.epoch = epoch
        self.seed = seed
        self.switch, self.stall = switch, stall
        self.failures: list[tuple[Task, BaseException]] = []
        self.at_point: Callable[[Node, str, str], None] | None = None
        self.steps = 0
        self.trace: list[tuple[float, str, str, str]] = []
        self._heap: list[list[Any]] = []
        self._serial = 0
        self._instant, self._at_instant = -1.0, 0
        self._boots: dict[str, int] = {}

    # ---- time and tasks

    def at(self, when: float, action: Callable[[], Any]) -> list[Any]:
        """Run `action` in the hub at `when`; `cancel` takes the entry that this gives."""
        self._serial += 1
        entry = [max(when, self.now), self._serial, action]
        heapq.heappush(self._heap, entry)
        return entry

    def after(self, seconds: float, action: Callable[[], Any]) -> list[Any]:
        return self.at(self.now + seconds, action)

    @staticmethod
    def cancel(entry: list[Any] | None) -> None:
        if entry is not None:
            entry[2] = None

    def boot(self, name: str) -> Node:
        number = self._boots.get(name, 0) + 1
        self._boots[name] = number
        return Node(name, number, Random(f"{self.seed}/{name}/{number}"), self.now)

    def spawn(self, node: Node, function: Callable[[], Any], name: str = "") -> Task:
        task = Task(self, node, function, name)
        node.tasks.append(task)
        self.wake(task)
        return task

    def task(self) -> Task | None:
        """The task that runs, None in the hub."""
        return self.current

    def wake(self, task: Task) -> None:
        """Let a blocked task go on, with True as the value of its `block`."""
        self.cancel(task.timer)
        task.timer = self.at(self.now, lambda: self._enter(task, True))

    def block(self, seconds: float | None = None) -> bool:
        """Wait until `wake`, or for a time at most; False when it passed."""
        task = self.task()
        assert task is not None, "only a task can wait"
        if task.node.dead:
            raise Killed
        task.timer = None if seconds is None else self.after(max(0.0, seconds), lambda: self._enter(task, False))
        woken: bool = self.hub.switch()
        if task.node.dead:
            raise Killed
        return woken

    def sleep(self, seconds: float) -> None:
        self.block(seconds)

    def _enter(self, task: Task, value: bool) -> None:
        task.timer = None
        if task.over:
            return
        if task.node.frozen_until > self.now and not task.node.dead:
            task.timer = self.at(task.node.frozen_until, lambda: self._enter(task, value))
            return
        self.current = task
        task.switch(value) if task else task.switch()
        self.current = None

    def run(self, until: Callable[[], bool]) -> None:
        """Until `until` says so, asked after each event. Raises Livelock."""
        while self._heap and not until():
            when, _, action = heapq.heappop(self._heap)
            if action is None:
                continue
            self.now = when
            self._count()
            action()

    def _count(self) -> None:
        self.steps += 1
        if self.now > self._instant:
            self._instant, self._at_instant = self.now, 0
        self._at_instant += 1
        if self._at_instant > MAX_STEPS_AT_ONCE:
            raise Livelock(f"{MAX_STEPS_AT_ONCE} steps at {self.now:.3f} s")

    # ---- what can happen to a node

    def point(self, kind: str, detail: str = "") -> None:
        """A place where the scheduler may intervene. Nothing happens outside of a task."""
        task = self.current
        if task is None:
            return
        node = task.node
        if node.dead:
            raise Killed
        self._count()
        self.trace.append((self.now, node.name, kind, detail))
        if self.at_point is not None:
            self.at_point(node, kind, detail)
        if self.switch:
            self._maybe_delay(node)

    def _maybe_delay(self, node: Node) -> None:
        draw = node.chance.random()
        if draw < self.stall:
            self.sleep(node.chance.uniform(0.05, 1.0))
        elif draw < self.stall + self.switch:
            self.sleep(node.chance.uniform(0.0, 0.02))

    def kill(self, node: Node) -> None:
        """End a process at once. When it is the running task's own, that task raises Killed."""
        if node.dead:
            return
        self.note(node.name, "killed")
        node.dead = True
        own = self.task()
        for task in list(node.tasks):
            if task is not own:
                self.cancel(task.timer)
                self.at(self.now, partial(self._throw, task))
        for action in node.on_death:
            action()
        if own is not None and own.node is node:
            raise Killed

    def _throw(self, task: Task) -> None:
        if not task.over:
            self.current = task
            task.throw(Killed)
            self.current = None
        if not task.over:  # it had not begun
            task.over = True
            task.node.tasks.remove(task)

    def suspend(self, node: Node, seconds: float, *, unknowing: bool = False) -> None:
        """Suspend the machine: its timers continue afterwards where they were, answers of others wait for it. With
        `unknowing` its own clocks do not show the suspension afterwards."""
        self.note(node.name, "paused" if unknowing else "suspended", f"{seconds:g} s")
        if unknowing:
            node.paused += seconds
            node.wall -= seconds
            self.after(seconds + 60.0, lambda: setattr(node, "wall", node.wall + seconds))  # NTP sets it right
        node.frozen_until = self.now + seconds
        node.slept += seconds
        for task in node.tasks:
            entry = task.timer
            if entry is not None and entry[2] is not None and entry[0] > self.now:
                action = entry[2]
                self.cancel(entry)
                task.timer = self.at(entry[0] + seconds, action)
        for told in node.on_suspend:
            told(seconds)
        own = self.task()
        if own is not None and own.node is node:
            self.sleep(seconds)

    # ---- the trace

    def note(self, who: str, what: str, detail: str = "") -> None:
        self.trace.append((self.now, who, what, detail))

    def digest(self) -> str:
        """The hash of the trace: equal runs have equal hashes."""
        text = "".join(f"{at:.6f}|{who}|{what}|{detail}\n" for at, who, what, detail in self.trace)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
