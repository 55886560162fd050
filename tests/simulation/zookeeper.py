"""A simulated ZooKeeper server, or consistent ensemble: nodes, watches, sessions and their end."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from kazoo import exceptions as errors

from tests.simulation.active import ACTIVE

if TYPE_CHECKING:
    from tests.simulation.kazoo_client import KazooClient


@dataclass
class Znode:
    data: bytes
    czxid: int
    mzxid: int
    version: int = 0
    owner: int = 0
    sequence: int = 0

    @property
    def stat(self) -> SimpleNamespace:
        return SimpleNamespace(
            czxid=self.czxid, mzxid=self.mzxid, version=self.version, ephemeralOwner=self.owner,
            creation_transaction_id=self.czxid, last_modified_transaction_id=self.mzxid,
        )  # fmt: skip


@dataclass
class Session:
    id: int
    timeout: float
    expiry: list[Any] | None = None
    alive: bool = True


@dataclass
class ZooKeeper:
    """The server, or a consistent ensemble."""

    znodes: dict[str, Znode] = field(default_factory=lambda: {"/": Znode(b"", 0, 0)})
    sessions: dict[int, Session] = field(default_factory=dict)
    watches: dict[str, list[Callable[[], None]]] = field(default_factory=dict)
    clients: "list[KazooClient]" = field(default_factory=list)
    zxid: int = 100
    down_until: float = 0.0

    def open(self, timeout: float) -> Session:
        session = Session(1000 + len(self.sessions), timeout)
        self.sessions[session.id] = session
        return session

    def end(self, session: Session) -> None:
        """End a session, by its timeout or by its client, and remove its ephemeral nodes."""
        if not session.alive:
            return
        session.alive = False
        ACTIVE.get().cancel(session.expiry)
        ACTIVE.get().note("zookeeper", "session over", str(session.id))
        for path in [path for path, znode in self.znodes.items() if znode.owner == session.id]:
            self._remove(path)

    def unheard(self, session: Session, slack: float) -> None:
        """The client sends nothing from now on; its last ping was up to a third of the timeout ago."""
        scheduler = ACTIVE.get()
        scheduler.cancel(session.expiry)
        session.expiry = scheduler.after(session.timeout * (1 - slack / 3), lambda: self.end(session))

    def heard(self, session: Session) -> None:
        ACTIVE.get().cancel(session.expiry)
        session.expiry = None

    def _next(self) -> int:
        self.zxid += 1
        return self.zxid

    def _remove(self, path: str) -> None:
        del self.znodes[path]
        self._next()
        self._fire(path)

    def _fire(self, path: str) -> None:
        for tell in self.watches.pop(path, []):
            tell()

    # ---- requests, by the name of kazoo's method

    def ensure_path(self, _session: Session, path: str) -> bool:
        made = ""
        for part in path.strip("/").split("/"):
            made += f"/{part}"
            if made not in self.znodes:
                zxid = self._next()
                self.znodes[made] = Znode(b"", zxid, zxid)
        return True

    def create(self, session: Session, path: str, value: bytes = b"", acl: Any = None, ephemeral: bool = False,
               sequence: bool = False, makepath: bool = False, include_data: bool = False) -> str:  # fmt: skip
        parent = path.rsplit("/", 1)[0] or "/"
        if parent not in self.znodes:
            if not makepath:
                raise errors.NoNodeError
            self.ensure_path(session, parent)
        if sequence:
            path += f"{self.znodes[parent].sequence:010d}"
            self.znodes[parent].sequence += 1
        if path in self.znodes:
            raise errors.NodeExistsError
        zxid = self._next()
        self.znodes[path] = Znode(value, zxid, zxid, owner=session.id if ephemeral else 0)
        self._fire(path)
        return path

    def get(self, _session: Session, path: str) -> tuple[bytes, SimpleNamespace]:
        znode = self._at(path)
        return znode.data, znode.stat

    def exists(self, _session: Session, path: str) -> SimpleNamespace | None:
        return self.znodes[path].stat if path in self.znodes else None

    def get_children(self, _session: Session, path: str) -> list[str]:
        self._at(path)
        start = path.rstrip("/") + "/"
        return [one[len(start) :] for one in self.znodes if one.startswith(start) and "/" not in one[len(start) :]]

    def set(self, _session: Session, path: str, value: bytes, version: int = -1) -> SimpleNamespace:
        znode = self._at(path)
        if version not in (-1, znode.version):
            raise errors.BadVersionError
        znode.data, znode.version, znode.mzxid = value, znode.version + 1, self._next()
        return znode.stat

    def delete(self, _session: Session, path: str, version: int = -1) -> bool:
        znode = self._at(path)
        if version not in (-1, znode.version):
            raise errors.BadVersionError
        self._remove(path)
        return True

    def check(self, _session: Session, path: str, version: int) -> bool:
        if version not in (-1, self._at(path).version):
            raise errors.BadVersionError
        return True

    def transaction(self, session: Session, operations: list[tuple[str, tuple[Any, ...]]]) -> list[Any]:
        """Carry out all operations or none; returns the results, or the errors that ZooKeeper gives."""
        before = copy.deepcopy((self.znodes, self.zxid))
        results: list[Any] = []
        for method, args in operations:
            try:
                results.append(getattr(self, method)(session, *args))
            except errors.KazooException as error:
                self.znodes, self.zxid = before
                left = len(operations) - len(results) - 1
                undone: list[Any] = [errors.RolledBackError() for _ in results]
                return [*undone, error, *(errors.RuntimeInconsistency() for _ in range(left))]
        return results

    def _at(self, path: str) -> Znode:
        if path not in self.znodes:
            raise errors.NoNodeError
        return self.znodes[path]
