"""Built apps, which one test after another uses: to build one takes longer than most tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from shared.config import WebSettings
from shared.web.dependencies import Dependencies, register_dependencies, security_log_of
from tests.support.contract import Contract


@dataclass(frozen=True)
class Node:
    """An app, the contract that its answers must keep, and the configuration that it was built with."""

    app: Flask
    contract: Contract
    settings: WebSettings
    config: Mapping[str, Any]


class AppPool:
    """The apps of one service that no test uses at the moment, by their settings."""

    def __init__(self) -> None:
        self._idle: dict[WebSettings, list[Node]] = {}

    def take(self, settings: WebSettings, build: Callable[[], Flask], parts: Dependencies) -> Node:
        """An app that no other test uses, with `parts` as its dependencies; `build` makes one when none is left."""
        if idle := self._idle.get(settings):
            node = idle.pop()
            node.app.config.clear()
            node.app.config.update(node.config)
        else:
            app = build()
            node = Node(app, Contract(app), settings, dict(app.config))
        register_dependencies(node.app, parts)
        return node

    def give_back(self, node: Node) -> None:
        """For the next test that asks for one with these settings. What it would write later is written now."""
        security_log_of(node.app).close()
        self._idle.setdefault(node.settings, []).append(node)
