"""Test control of the dialer: its settings and clock, forced results, what it called, where the contacts stand."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.ucce.application import Ucce
from tests.fakes.ucce.outcomes import STATUS_NAMES
from tests.fakes.ucce.results import checked
from tests.fakes.ucce.wire import Request

_SETTINGS = {
    "paused": ("paused", bool),
    "pickupSeconds": ("pickup_seconds", float),
    "dialSeconds": ("dial_seconds", float),
    "lines": ("lines", int),
}
_COMMANDS = ("mix", "speed", "advance", "lose")


def dialer(ucce: Ucce, request: Request, body: Any) -> Any:
    """POST any of paused, mix, pickupSeconds, dialSeconds, lines, speed; `advance` (seconds) moves the clock on, and
    `lose` makes the dialer forget what it is dialling.
    """
    if request.method == "POST":
        if unknown := sorted(set(body) - {*_SETTINGS, *_COMMANDS}):
            raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join((*_SETTINGS, *_COMMANDS))}")
        changes: dict[str, Any] = {}
        for name, (attribute, kind) in _SETTINGS.items():
            if name in body:
                changes[attribute] = kind(body[name])
        if "mix" in body:
            changes["mix"] = checked({int(code): float(weight) for code, weight in body["mix"].items()})
        ucce.dialer.change(**changes)
        if "speed" in body:
            ucce.clock.set_speed(float(body["speed"]))
        if body.get("lose"):
            ucce.dialer.lose()
        if "advance" in body:
            ucce.clock.advance(float(body["advance"]))
            ucce.dialer.step()
    settings = ucce.dialer.settings
    return {
        "paused": settings.paused,
        "mix": settings.mix,
        "pickupSeconds": settings.pickup_seconds,
        "dialSeconds": settings.dial_seconds,
        "lines": settings.lines,
        "speed": ucce.clock.speed,
        "now": ucce.clock.now().isoformat(timespec="milliseconds"),
    }


def results(ucce: Ucce, request: Request, body: Any) -> Any:
    """POST replaces all rules: {"phones": {end: code or [codes]}, "accountNumbers": {start: code or [codes]}}."""
    if request.method == "POST":
        ucce.dialer.forced.replace(body)
    return ucce.dialer.forced.rules()


def calls(ucce: Ucce, request: Request, _: Any) -> Any:
    """Every dial, oldest first; accountNumber=… for those whose account number begins so."""
    start = request.query.get("accountNumber", "")
    rows = ucce.store.rows("SELECT * FROM call WHERE substr(account_number, 1, ?) = ? ORDER BY id", (len(start), start))
    return {
        "calls": [
            {
                "accountNumber": row["account_number"],
                "campaign": row["campaign_id"],
                "contact": row["contact_id"],
                "phone": row["phone"],
                "result": row["result"],
                "status": STATUS_NAMES[row["status"]],
                "at": datetime.fromtimestamp(row["at"], UTC).isoformat(timespec="milliseconds"),
            }
            for row in rows
        ]
    }


def contacts(ucce: Ucce, _request: Request, _: Any) -> Any:
    """How many contacts each campaign has in each status."""
    rows = ucce.store.rows("SELECT campaign_id, status, count(*) AS n FROM contact GROUP BY campaign_id, status")
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(str(row["campaign_id"]), {})[STATUS_NAMES[row["status"]]] = row["n"]
    return {"campaigns": found}
