"""What both nodes share: agents, calls, signed-in desktops, what is to be told to them, the journal of requests."""

import itertools
import queue
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from deploy.sandbox.finesse.agents import Agent
from deploy.sandbox.finesse.dialogs import Dialog

# Down: connections are reset. Hang: no answer until it is up again. Unavailable: the REST API answers 503, as when
# Finesse has lost its CTI server, and the desktop lives on.
MODES = ("up", "down", "hang", "unavailable")
_JOURNAL_LENGTH = 20_000


@dataclass
class Desktop:
    """A signed-in desktop: its cookie, and whether it gives its gadgets a password or an SSO token."""

    agent: Agent
    sso: bool
    locale: str = "en_US"
    theme: str = "light"


@dataclass
class Cluster:
    """All methods may be called from several threads."""

    agents: dict[str, Agent] = field(default_factory=dict)
    dialogs: dict[str, Dialog] = field(default_factory=dict)
    desktops: dict[str, Desktop] = field(default_factory=dict)
    urls: tuple[str, ...] = ()
    modes: dict[int, str] = field(default_factory=lambda: {1: "up", 2: "up"})
    journal: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_JOURNAL_LENGTH))
    changed: threading.Condition = field(default_factory=threading.Condition)
    _listeners: dict[str, list[queue.SimpleQueue[dict[str, Any] | None]]] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(16777217))

    def sign_in(self, agent: Agent, *, sso: bool, locale: str, theme: str) -> str:
        """The desktop's cookie."""
        if sso and agent.token is None:
            agent.new_token()
        cookie = secrets.token_urlsafe(24)
        self.desktops[cookie] = Desktop(agent, sso, locale, theme)
        return cookie

    def call(self, agent: Agent, kind: str, phone: str, called: str, queue_name: str, variables: dict[str, str]) -> str:
        """A new call that rings at the agent's phone; its dialog id."""
        from_, to = (phone, called) if kind == "in" else (agent.extension, phone)
        dialog = Dialog(str(next(self._numbers)), agent.id, kind, from_, to, queue_name, variables)
        dialog.extension = agent.extension
        self.dialogs[dialog.id] = dialog
        self.tell(agent.id, "POST", dialog)
        return dialog.id

    def tell(self, agent_id: str, event: str, dialog: Dialog) -> None:
        """A Dialogs notification to the agent's desktops: POST (new), PUT (changed), DELETE (gone)."""
        self.publish(agent_id, {"topic": "dialog", "event": event, "dialog": dialog.summary()})

    def publish(self, agent_id: str, message: dict[str, Any]) -> None:
        with self.changed:
            listeners = list(self._listeners.get(agent_id, ()))
        for listener in listeners:
            listener.put(message)

    def listen(self, agent_id: str) -> "queue.SimpleQueue[dict[str, Any] | None]":
        listener: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        with self.changed:
            self._listeners.setdefault(agent_id, []).append(listener)
        return listener

    def forget(self, agent_id: str, listener: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
        with self.changed:
            self._listeners[agent_id].remove(listener)

    def set_mode(self, node: int, mode: str) -> None:
        """A node that is not up ends its desktops' event streams; a hanging one answers once it is up again."""
        with self.changed:
            self.modes[node] = mode
            self.changed.notify_all()
            listeners = [one for many in self._listeners.values() for one in many]
        for listener in listeners:
            listener.put(None)  # each stream looks at its own node's mode

    def wait_for_change(self, node: int, mode: str) -> None:
        """Wait while the node stays in `mode`."""
        with self.changed:
            self.changed.wait_for(lambda: self.modes[node] != mode)

    def dialogs_of(self, agent_id: str) -> list[Dialog]:
        return [dialog for dialog in list(self.dialogs.values()) if dialog.agent_id == agent_id]


@dataclass(frozen=True)
class Here:
    """The cluster, and which node of it (1 or 2) answers this request."""

    cluster: Cluster
    node: int

    @property
    def url(self) -> str:
        return self.cluster.urls[self.node - 1]

    @property
    def other_url(self) -> str:
        return self.cluster.urls[2 - self.node]


def here() -> Here:
    """Of the application that serves this request."""
    found: Here = current_app.extensions["finesse"]
    return found
