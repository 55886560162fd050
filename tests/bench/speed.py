"""Parts `availability`, `bookings` and `voice`: rates and latencies of the product beside those of the yardsticks."""

from functools import partial
from typing import Any

import requests

from tests.bench import load
from tests.bench.report import Check, at_least, at_most
from tests.bench.system_under_test import KEY, SystemUnderTest
from tests.bench.yardsticks import raw_rate


def measure_availability(system: SystemUnderTest, seconds: float) -> tuple[dict[str, Any], list[Check]]:
    """Availability questions through HAProxy, beside a bare Flask route behind the same HAProxy configuration."""
    with system.yardstick("bare") as url:
        seen = load.rounds(
            ours=lambda: load.availability(system.stack.url, seconds, KEY),
            bare=lambda: load.availability(url, seconds, KEY),
        )
    checks = [
        at_least("availability: rate / bare Flask route", _ratio(seen["ours"], seen["bare"], "rate"), 0.5),
        at_most("availability: p99 / bare Flask route's", _ratio(seen["ours"], seen["bare"], "p99_ms"), 3.0),
    ]
    return seen, checks


def measure_bookings(system: SystemUnderTest, seconds: float) -> tuple[dict[str, Any], list[Check]]:
    """Bookings on one hot slot and spread over 1,000, beside the minimal service and the raw transaction."""
    found: dict[str, Any] = {}
    checks: list[Check] = []
    starts = {"hot": system.spread_starts[24:25], "spread": system.spread_starts}
    for kind, file in (("hot", system.hot), ("spread", system.spread)):
        with system.yardstick("minimal") as url:
            seen = load.rounds(
                ours=partial(load.bookings, system.stack.url, seconds, KEY, file),
                minimal=partial(load.bookings, url, seconds, KEY, file),
            )
        ours, minimal = seen["ours"], seen["minimal"]
        wrong = system.wrong_slots()
        raw = raw_rate(str(system.stack.settings.environment["CM_DATABASE_URL"]), system.ids, starts[kind], seconds)
        system.forget_callbacks()
        found[kind] = {**seen, "raw_rate": raw, "wrong_slots": wrong}
        checks += [
            at_least(f"bookings, {kind}: rate / minimal service", _ratio(ours, minimal, "rate"), 0.8),
            at_least(f"bookings, {kind}: rate / raw transaction", ours["rate"]["median"] / raw, 0.15),
            at_most(f"bookings, {kind}: p99 at 16 connections", ours["p99_ms"]["median"], 100, "ms"),
            at_most(f"bookings, {kind}: overbooked slots", wrong["overbooked"], 0),
            at_most(f"bookings, {kind}: drifted slots", wrong["drifted"], 0),
        ]
    return found, checks


def measure_voice(system: SystemUnderTest, seconds: float) -> tuple[dict[str, Any], list[Check]]:
    """Offers and bookings by the flat calls, beside availability of one number and bookings on one hot slot."""
    url = system.stack.url
    query = {"skill": "Bench", "phone": "+13125550142", "callId": "bench"}
    requests.get(f"{url}/api/v1/ivr/offer", query, headers={"X-API-Key": KEY}, timeout=10).raise_for_status()
    seen = load.rounds(
        offer=partial(load.voice, url, seconds, KEY, "offer"),
        availability=partial(load.availability, url, seconds, KEY),
        book=partial(load.voice, url, seconds, KEY, "book"),
        booking=partial(load.bookings, url, seconds, KEY, system.hot),
    )
    wrong = system.wrong_slots()
    system.forget_callbacks()
    checks = [
        at_most("voice: p99 of an offer at 16 connections", seen["offer"]["p99_ms"]["median"], 100, "ms"),
        at_most("voice: p99 of a booking by number at 16 connections", seen["book"]["p99_ms"]["median"], 100, "ms"),
        at_most("voice: p99 of an offer / of a booking", _ratio(seen["offer"], seen["booking"], "p99_ms"), 1.5),
        at_most("voice: p99 of a booking by number / by start", _ratio(seen["book"], seen["booking"], "p99_ms"), 1.5),
        at_most("voice: drifted slots", wrong["drifted"], 0),
    ]
    return {**seen, "wrong_slots": wrong}, checks


def _ratio(ours: dict[str, Any], theirs: dict[str, Any], name: str) -> float:
    return float(ours[name]["median"] / theirs[name]["median"])
