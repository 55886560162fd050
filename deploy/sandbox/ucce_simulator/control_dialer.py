"""Test control of the dialer: its settings and clock, forced results, its calls, the contacts' statuses."""

from datetime import UTC, datetime
from typing import Any

from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.outcomes import STATUS_NAMES
from deploy.sandbox.ucce_simulator.results import checked
from deploy.sandbox.ucce_simulator.wire import Request

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
    """Every dial, oldest first; accountNumber=… selects the account numbers that begin with it."""
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
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(str(row["campaign_id"]), {})[STATUS_NAMES[row["status"]]] = row["n"]
    return {"campaigns": counts}


def statuses(ucce: Ucce, _request: Request, body: Any) -> Any:
    """Contacts whose account number begins with one of {"accountNumbers": [prefixes]} get the status `letter` (S, X, D,
    L …); one with a final status is not dialled again. With `shown` they are listed with that text as their status,
    whatever it is; `shown` null ends that.
    """
    kept: dict[str, str] = ucce.store.setting("statuses", {})
    for start in body["accountNumbers"]:
        if "shown" in body:
            kept = {one: text for one, text in kept.items() if one != start}
            kept |= {} if body["shown"] is None else {start: str(body["shown"])}
        if "letter" in body:
            if body["letter"] not in STATUS_NAMES:
                raise ValueError(f"letter is one of {', '.join(STATUS_NAMES)}")
            with ucce.store.transaction() as connection:
                connection.execute(
                    "UPDATE contact SET status = ? WHERE substr(account_number, 1, ?) = ?",
                    (body["letter"], len(start), start),
                )
    ucce.store.set_setting("statuses", kept)
    return {"shown": kept}


def purge(ucce: Ucce, _request: Request, body: Any) -> Any:
    """Remove records at once instead of at midnight: those with a prefix of {"accountNumbers": [prefixes]}, or all;
    finished ones only (C, M, D, as the nightly purge does), or with {"any": true} those of every status.
    """
    starts = list(body.get("accountNumbers", [""]))
    through = "" if body.get("any") else " AND status IN ('C', 'M', 'D')"
    sql = f"DELETE FROM contact WHERE substr(account_number, 1, ?) = ?{through}"  # noqa: S608 - one of two texts
    with ucce.store.transaction() as connection:
        removed = sum(connection.execute(sql, (len(start), start)).rowcount for start in starts)
    return {"removed": removed}


def copy(ucce: Ucce, _request: Request, body: Any) -> Any:
    """List the contacts with a prefix of {"accountNumbers": [prefixes]} a second time; the copies are dialled too.
    `taken` and `duplicates` do not count them: no client sent them.
    """
    copied = 0
    with ucce.store.transaction() as connection:
        for start in body["accountNumbers"]:
            originals = connection.execute(
                "SELECT * FROM contact WHERE substr(account_number, 1, ?) = ?", (len(start), start)
            ).fetchall()
            for row in originals:
                connection.execute(
                    "UPDATE campaign SET next_contact = next_contact + 1 WHERE id = ?", (row["campaign_id"],)
                )
                connection.execute(
                    "INSERT INTO contact (campaign_id, id, account_number, first_name, last_name, phones, bias, dst,"
                    " search, import_date, imported_at) SELECT c.campaign_id, g.next_contact - 1, account_number,"
                    " first_name, last_name, phones, bias, dst, search, import_date, imported_at"
                    " FROM contact c JOIN campaign g ON g.id = c.campaign_id WHERE c.campaign_id = ? AND c.id = ?",
                    (row["campaign_id"], row["id"]),
                )
                copied += 1
    return {"copied": copied}
