"""Under each switch of the simulator (what Cisco's material leaves open) the worker calls each callback once."""

from typing import Any

import pytest

from deploy.sandbox.ucce_simulator.behaviour import SWITCHES
from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from shared.db.session import Database
from tests.integration.dialer_sync.switches import BEGIN, END, OUTAGES, README, cases, row, run

pytestmark = pytest.mark.long

MUST_BE_SAID = OUTAGES | {
    ("importAnswer", "202"), ("importAnswer", "202 fails"), ("partialAcceptance", "no"), ("partialAcceptance", "400"),
    ("partialAcceptance", "200"), ("partialAcceptance", "silent"),
}  # fmt: skip


@pytest.mark.parametrize(("switch", "value"), list(cases()))
def test_under_every_switch_each_callback_is_called_once(
    database: Database, ucce_simulator: UcceSimulator, switch: str, value: Any
) -> None:
    outcome = run(database, ucce_simulator, switch, value, 1)
    assert (outcome.twice, outcome.lost) == (0, 0), outcome
    if (switch, value) in MUST_BE_SAID:
        assert outcome.said is not None


def test_the_readmes_table_has_every_switch() -> None:
    text = README.read_text(encoding="utf-8")
    made = text.partition(BEGIN)[2].partition(END)[0]
    for switch, value in cases():
        begins = row(switch, value, []).split(" | ")
        assert f"{begins[0]} | {begins[1]} |" in made, "make it anew: python -m tests.integration.dialer_sync.switches"
    assert all(f"`{name}`" in text for name in SWITCHES)
