"""Electors on a real ZooKeeper, in this process and in processes of their own."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

from services.dialer_sync.election.elector import Elector
from tests.support.until import until

SESSION = 1.5  # seconds of the ZooKeeper session timeout
StartElector = Callable[..., Elector]
StartProcess = Callable[[str], "subprocess.Popen[str]"]


def ask(child: "subprocess.Popen[str]") -> dict[str, Any]:
    """The answer of elector_process.py: whether it believes to be master, its epoch, and until when (monotonic)."""
    assert child.stdin and child.stdout
    print("?", file=child.stdin, flush=True)
    while not (line := child.stdout.readline()).startswith("{"):
        assert line, "the process ended"
    return dict(json.loads(line))


def master_of(*electors: Elector) -> Elector:
    return until(lambda: next((elector for elector in electors if elector.is_leader()), None), what="a master")


def epoch(elector: Elector) -> int:
    term = elector.current_term()
    assert term is not None
    return term.epoch
