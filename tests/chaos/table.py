"""`python -m tests.chaos.table var/chaos/results.jsonl …`: the tables of the README from the results of runs."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.chaos.faults import DECK

Figures = dict[str, Any]
_RESOURCE = {fault.name: fault.resource for fault in DECK}
_HEAD = ("seed", "client calls", "bookings", "repeats", "faults", "masterships", "imports in batches", "out of order",
         "longest claim to receipt", "drained in", "checks")  # fmt: skip


def runs(rows: list[Figures]) -> str:
    """A line for each run."""
    return _table(_HEAD, [_run(row) for row in rows])


def kinds(rows: list[Figures]) -> str:
    """How often each resource was struck, by run."""
    struck = [Counter[str]() for _ in rows]
    for counts, row in zip(struck, rows, strict=True):
        for name, number in row["kinds"].items():
            counts[_RESOURCE.get(name, "database")] += (
                number  # the deck for SQLite lacks the faults of a database server
            )
    lines = [
        (resource, *(counts[resource] for counts in struck), sum(counts[resource] for counts in struck))
        for resource in sorted({*_RESOURCE.values()})
    ]
    sums = [counts.total() for counts in struck]
    return _table(("struck", *(row["seed"] for row in rows), "all"), [*lines, ("all", *sums, sum(sums))])


def _run(row: Figures) -> tuple[object, ...]:
    broken = len({breach.split(":")[0] for breach in row["breaches"]})
    return (
        row["seed"], row["calls"], row["bookings"], row["repeats"], row["faults"], row["masterships"],
        f"{row['imports']} in {row['batches']}", row["out_of_order"], f"{row['longest_on_the_way']} s",
        f"{row['drained_in']} s", f"{row['checks'] - broken} of {row['checks']}",
    )  # fmt: skip


def _table(head: tuple[object, ...], lines: list[tuple[object, ...]]) -> str:
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in (head, ("---",) * len(head), *lines))


def main() -> None:
    rows = [json.loads(line) for name in sys.argv[1:] for line in Path(name).read_text().splitlines()]
    rows.sort(key=lambda row: row["seed"])
    least = Counter[str]()
    for row in rows:
        least.update(row["kinds"])
    never = [name for name in _RESOURCE if not least[name]]
    print(runs(rows), kinds(rows), f"least struck: {least.most_common()[-3:]}; never: {never or 'none'}", sep="\n\n")


if __name__ == "__main__":
    main()
