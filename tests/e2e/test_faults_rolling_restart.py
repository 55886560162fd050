"""A rolling restart of everything under load: no client gets an error."""

import signal
from pathlib import Path

import pytest

from deploy.sandbox import checks
from tests.chaos import load as load_module
from tests.chaos.history import History
from tests.chaos.load import Load
from tests.servers.fixtures import StartStack
from tests.support.databases import ON_SERVER
from tests.support.gunicorn_nodes import LONG_TIMEOUTS_ON_SERVER
from tests.support.until import until

# A database server may take longer than a booking's deadline to plan a statement, above all after a restart.
LONG_TIMEOUTS = {**LONG_TIMEOUTS_ON_SERVER, "CM_REQUEST_TIMEOUT": "30s"} if ON_SERVER else {}


@pytest.mark.timeout(600 if ON_SERVER else 180)
def test_a_rolling_restart_of_everything_under_load_loses_no_request(
    start_stack: StartStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ON_SERVER:
        monkeypatch.setattr(load_module, "TIMEOUT_SECONDS", 35.0)
    stack = start_stack({"CM_SYNC_INTERVAL": "1", **LONG_TIMEOUTS})
    history = History(tmp_path / "history.jsonl")
    load = Load(stack.url, stack.env["CM_IVR_KEY"], 1, history, rate=6, threads=4)
    load.start()
    try:
        for node in (1, 2):  # one node after the other, all of its services at once
            processes = [stack[f"booking-{node}"], stack[f"admin-{node}"], stack[f"worker-{node}"]]
            for process in processes:
                process.ask_to_stop()
            for process in processes:
                assert process.wait_stopped(), f"{process.name} had to be killed"
                process.start()
            for process in processes:
                process.wait_ready()
            until(lambda: checks.servers_up(stack.settings.stats_url).get("booking", 0) == 2, timeout=15)
            until(stack.master, timeout=15)
        stack["haproxy"].kill(signal.SIGUSR2)
        until(lambda: len(history.rows) > 100, timeout=20)
    finally:
        load.stop()
    history.close()
    assert [row for row in history.rows if row["status"] is None or row["status"] >= 500] == []
