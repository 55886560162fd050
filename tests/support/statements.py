"""Records the statements of a database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shared.db.session import Database


class Statements:
    """The statements and transactions of a database while they were recorded."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.begun = self.committed = self.rolled_back = 0

    @property
    def kinds(self) -> list[str]:
        """`SELECT`, `INSERT callback` and so on; BEGIN is counted, not listed."""
        kinds = []
        for text in self.texts:
            words = text.split()
            if words[0] != "BEGIN":
                kinds.append({"INSERT": f"INSERT {words[2]}", "UPDATE": f"UPDATE {words[1]}"}.get(words[0], words[0]))
        return kinds


@contextmanager
def watched(database: Database) -> Iterator[Statements]:
    seen = Statements()

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.texts.append(statement)

    def begun(_: Any) -> None:
        seen.begun += 1

    def committed(_: Any) -> None:
        seen.committed += 1

    def rolled_back(_: Any) -> None:
        seen.rolled_back += 1

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": executed,
        "begin": begun,
        "commit": committed,
        "rollback": rolled_back,
    }
    for name, listener in listeners.items():
        event.listen(database.engine, name, listener)
    yield seen
    for name, listener in listeners.items():
        event.remove(database.engine, name, listener)


@contextmanager
def meanwhile(database: Database, pattern: str, act: Callable[[], object]) -> Iterator[None]:
    """Call `act` once, right after the first statement that matches `pattern`, as a concurrent change."""
    waiting = [act]

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if waiting and re.search(pattern, statement, re.DOTALL):
            waiting.pop()()

    event.listen(database.engine, "after_cursor_execute", executed)
    yield
    event.remove(database.engine, "after_cursor_execute", executed)
    assert not waiting, "no such statement was executed"
