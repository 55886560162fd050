"""A short run of tests/chaos with a fixed selection of its faults and a lighter load."""

from pathlib import Path

from tests.chaos.faults import DECK
from tests.chaos.run import run
from tests.servers import sources

CHOSEN = (
    "master killed",
    "worker killed after UCCE's answer",
    "master stalled past its session",
    "ZooKeeper session of the master expired",
    "clock of the master an hour ahead",
    "UCCE resets after taking",
    "UCCE takes the batch, answers after we gave up",
    "database locked by another process",
    "booking API killed",
    "answers to booking commits lost",
    "Redis killed",
    "HAProxy reloaded",
)


def test_what_is_promised_holds_under_a_selection_of_faults(tmp_path: Path) -> None:
    sources.need_local_stack()
    deck = [fault for fault in DECK if fault.name in CHOSEN]
    assert len(deck) == len(CHOSEN)
    figures = run(1, 0.3, tmp_path / "run", rate=8, deck=deck, every=(1.2, 1.8))
    assert figures["breaches"] == [], figures["trace"]
    assert figures["imports"] > 50
    assert figures["masterships"] > 1
