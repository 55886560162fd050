"""Runs a master's real steps under each switch of the simulator, in virtual time, and counts how callbacks end.

`python -m tests.integration.dialer_sync.switches` runs every switch with three seeds and writes the table into the
simulator's README.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from deploy.sandbox.ucce_simulator.behaviour import SWITCHES
from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from shared.db import migrate
from shared.db.models import Callback
from shared.db.session import Database
from tests.integration.dialer_sync.conftest import PARAMETERS
from tests.integration.dialer_sync.master_fixture import Clock, MasterFixture
from tests.support.configured_database import build_world

CHICAGO = ZoneInfo("America/Chicago")
README = Path("deploy/sandbox/ucce_simulator/README.md")
BEGIN, END = "<!-- table of switches: begin -->", "<!-- table of switches: end -->"
MAX_RUN_SECONDS = 45 * 60  # virtual seconds of a run
STEP = 15  # virtual seconds between two cycles
PERIOD = 150  # virtual seconds for which an outage lasts
LIST_LAG = 30.0  # what the worker's setting says of UCCE's list
OUTAGES = {("webContainer", "starting"), ("webContainer", "login")}
NEED_BAD_ROWS = {"partialAcceptance", "errorBodies"}
QUIET = "nothing to say"


@dataclass(frozen=True)
class Outcome:
    """The outcome of one run. `said`: virtual seconds until a cycle reported trouble; None: there was none to
    report.
    """

    callbacks: int
    once: int
    twice: int
    lost: int
    refused: int
    said: int | None

    @property
    def is_good(self) -> bool:
        return self.twice == 0 and self.lost == 0


def cases() -> Iterator[tuple[str, Any]]:
    """Every switch with each of its values, and the numeric ones."""
    for name, values in SWITCHES.items():
        yield from ((name, value) for value in values)
    yield from (("listLagSeconds", 0.0), ("listLagSeconds", LIST_LAG), ("pageCap", 25))


def run(world_database: Database, simulator: UcceSimulator, switch: str, value: Any, seed: int) -> Outcome:
    """Hand over some callbacks with the switch set, dial them, and compare with the simulator's own journal."""
    chance = random.Random(f"{switch}/{value}/{seed}")
    control = simulator.control
    control.reset()
    control.dialer(
        paused=True, mix={10: 1.0}, advance=_seconds_until_ten()
    )  # the dialer's default times are of the day
    master = MasterFixture(build_world(world_database), simulator, Clock(), settings={"list_lag": LIST_LAG})
    parameters: Mapping[str, Any] = PARAMETERS | {"timeZone": "Central Standard Time"}
    unnamed = {"dialingTimes": ("startTime", "endTime"), "timeZone": ("timeZone",)}.get(switch, ())
    parameters = {name: value for name, value in parameters.items() if name not in unnamed}
    master.configure_campaign(parameters=parameters)
    before_campaign = switch in ("createAnswer", "timeZone", "dialingTimes", "sessions", "staleChangeStamp")
    if before_campaign:
        control.behaviour(**{switch: value})
    began, said = master.clock.steady, None
    for _ in range(20):
        master.cycle()
        if master.campaign().ucce_id is not None:
            break
        master.clock.advance(STEP)
    due = master.add(chance.randint(6, 30))
    bad = chance.sample(due, 2) if switch in NEED_BAD_ROWS else []
    if not before_campaign:
        control.behaviour(**{switch: value})
    if bad:
        control.next_answer(kind="import", method="POST", refuseAccounts=bad, message="Bad row.", times=0)
    if switch == "duplicateKeys":  # the answer is lost, UCCE took it
        control.next_answer(kind="import", method="POST", reset="after")
    while master.clock.steady - began < MAX_RUN_SECONDS and _statuses(master) & {"scheduled", "importing", "imported"}:
        if (switch, value) in OUTAGES | {("importAnswer", "202 fails")} and master.clock.steady - began > PERIOD:
            control.behaviour(**{switch: SWITCHES[switch][0]})
        sentence = master.cycle()
        told = bool(master.errors) or any(word in sentence for word in ("refused", "never", "unsettled", "not in sync"))
        said = int(master.clock.steady - began) if said is None and told else said
        control.dialer(paused=False, advance=STEP)
        master.clock.advance(STEP)
    control.dialer(paused=True)
    taken = Counter(number[:26] for number in control.taken())
    good = [one for one in due if one not in bad]
    failed_by_ucce = [one for one in due if master.callback(one).outcome == "refused"]
    master.context.client.close()
    return Outcome(
        callbacks=len(due),
        once=sum(taken[one] == 1 for one in good),
        twice=sum(taken[one] > 1 for one in due),
        lost=sum(master.callback(one).status != "completed" for one in good),
        refused=len(failed_by_ucce),
        said=said,
    )


def _seconds_until_ten() -> float:
    """Seconds until ten in the morning in the campaigns' zone."""
    now = datetime.now(CHICAGO)
    ten = now.replace(hour=10, minute=0, second=0, microsecond=0)
    return ((ten if ten > now else ten + timedelta(days=1)) - now).total_seconds()


def _statuses(master: MasterFixture) -> set[str]:
    with master.world.database.reading() as connection:
        return set(connection.execute(select(Callback.status).distinct()).scalars())


def in_a_database(simulator: UcceSimulator, folder: Path, switch: str, value: Any, seed: int) -> Outcome:
    path = folder / f"{switch}-{value}-{seed}.db".replace(" ", "-")
    with closing(Database(f"sqlite:///{path}")) as database:
        migrate.upgrade(database)
        return run(database, simulator, switch, value, seed)


def row(switch: str, value: Any, outcomes: list[Outcome]) -> str:
    total = [sum(getattr(one, name) for one in outcomes) for name in ("callbacks", "once", "twice", "lost", "refused")]
    said = [one.said for one in outcomes if one.said is not None]
    words = f"{max(said)} s" if said else QUIET
    is_default = switch in SWITCHES and SWITCHES[switch][0] == value
    shown = str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
    return f"| `{switch}` | {shown}{' (default)' if is_default else ''} | {' | '.join(map(str, total))} | {words} |"


def table(simulator: UcceSimulator, folder: Path) -> str:
    head = ["| switch | value | callbacks | once | twice | lost | refused with UCCE's words | trouble said within |",
            "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    lines = []
    for number, (switch, value) in enumerate(cases(), start=1):
        lines.append(row(switch, value, [in_a_database(simulator, folder, switch, value, seed) for seed in (1, 2, 3)]))
        print(f"{number:2} {lines[-1]}", file=sys.stderr, flush=True)
    return "\n".join(head + lines)


def main() -> int:
    with tempfile.TemporaryDirectory() as name, UcceSimulator(Path(name) / "ucce") as simulator:
        made = table(simulator, Path(name))
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
