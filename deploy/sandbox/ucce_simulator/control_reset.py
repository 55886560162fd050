"""Test control: back to the state of a fresh UCCE, whole or in parts."""

from typing import Any

from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.wire import Request

_TABLES = {
    "received": ("request",),
    "contacts": ("contact", "taken_row", "call", "transfer"),
    "campaigns": ("campaign", "contact", "taken_row", "call", "transfer"),
    "skill-groups": ("skill_group",),
    "records": ("record",),
}
_PARTS = (*_TABLES, "next-answers", "delay", "results", "dialer", "behaviour", "statuses")


def reset(ucce: Ucce, _request: Request, body: Any) -> Any:
    """{"parts": […]} of received, contacts, campaigns, skill-groups, records, next-answers, delay, results, dialer (its
    clock included), behaviour, statuses; all when none is named. Sequence numbers and ids are not reset: none is given
    twice.
    """
    parts = body.get("parts") or list(_PARTS)
    if unknown := sorted(set(parts) - set(_PARTS)):
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(_PARTS)}")
    settings = [name for name in ("delay", "results", "dialer", "behaviour", "statuses") if name in parts]
    if "dialer" in parts:
        settings += ["clock_gained", "clock_speed"]
    with ucce.store.transaction() as connection:
        for table in {table for part in parts for table in _TABLES.get(part, ())}:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from this module
        connection.executemany("DELETE FROM control WHERE name = ?", [(name,) for name in settings])
        ucce.store.seed()
    if "next-answers" in parts:
        ucce.disturbances.clear()
        ucce.down = set()
    if "dialer" in parts:
        ucce.clock.reset()
        ucce.dialer.reload()
    return {"reset": parts}
