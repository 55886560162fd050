"""Test control of the script behind a route point: where it fetches callbacks, and what it did."""

import json
from typing import Any

from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.ivr_script import BookingApi
from deploy.sandbox.ucce_simulator.wire import Request


def script(ucce: Ucce, request: Request, body: Any) -> Any:
    """POST {"url": …, "key": …}: the booking API up to its version, and a key of scope `ivr`. The key is not shown."""
    if request.method == "POST":
        ucce.script.booking_api = BookingApi(str(body["url"]).rstrip("/"), str(body["key"]))
    return {"url": ucce.script.booking_api.url if ucce.script.booking_api else None}


def agents(ucce: Ucce, request: Request, body: Any) -> Any:
    """POST {"busy": ["1042"]}: these agents do not become free while the script waits for them; all others are."""
    if request.method == "POST":
        ucce.script.busy_agents = frozenset(str(agent) for agent in body["busy"])
    return {"busy": sorted(ucce.script.busy_agents)}


def transfers(ucce: Ucce, request: Request, _: Any) -> Any:
    """Every transferred call, oldest first; accountNumber=… selects the account numbers that begin with it."""
    start = request.query.get("accountNumber", "")
    rows = ucce.store.rows(
        "SELECT * FROM transfer WHERE substr(account_number, 1, ?) = ? ORDER BY call", (len(start), start)
    )
    return {
        "transfers": [
            {
                "accountNumber": row["account_number"],
                "routePoint": row["route_point"],
                "fetched": json.loads(row["fetched"]) if row["fetched"] else None,
                "queuedTo": row["queued_to"],
            }
            for row in rows
        ]
    }
