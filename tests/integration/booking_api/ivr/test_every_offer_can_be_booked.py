"""No offered slot is refused for a reason that was known at the offer, whatever the number, its zone and the settings.

CM_TEST_OFFERS=10000 tries as many offers instead of the usual few; each offered slot is booked, on one of two nodes, by
its number or by its start, up to five minutes later.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from shared.db import models
from tests.integration.booking_api.ivr.voice import PREFIX, another_node, starts
from tests.support.booking_api import Api
from tests.support.json_client import JsonClient

OFFERS = int(os.environ.get("CM_TEST_OFFERS", "100"))
OFFERS_OF_A_SITE = 10

pytestmark = [pytest.mark.timeout(60 + OFFERS), pytest.mark.long]

# Ordinary days, and the days around those on which the clocks of the zones below change.
DAYS = [datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC),
        datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC)]  # fmt: skip
POOL_ZONES = ["America/Chicago", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
STATED = [None, None, "America/Phoenix", "America/Chicago", "Pacific/Honolulu", "Europe/London", "Asia/Kolkata",
          "Pacific/Chatham"]  # fmt: skip
# Where numbers begin: one zone, several, none (toll-free), mobiles, countries with half hours.
PREFIXES = ["+1312", "+1212", "+1808", "+1208", "+1907", "+1800", "+4915", "+4420", "+9198", "+6128", "+97798", "+7495"]
SUBSCRIBER_DIGITS = {"+49": 9, "+44": 8, "+91": 8, "+61": 7, "+97": 8, "+74": 7}


@dataclass(frozen=True)
class Place:
    """How a centre is set up."""

    zone: str
    now: datetime
    notice: int
    horizon: int
    capacities: list[int]
    hours: tuple[str, str]
    parameters: dict[str, str]


@dataclass(frozen=True)
class Asked:
    """One caller: the number, what the application knows and asks, and what it does with the answer."""

    prefix: str
    subscriber: int
    stated: str | None
    most: int
    part: str
    state: str
    minutes_later: int
    by_number: bool
    on_the_other_node: bool
    keeps: bool

    @property
    def phone(self) -> str:
        digits = SUBSCRIBER_DIGITS.get(self.prefix[:3], 7)
        return f"{self.prefix}{2_000_000 + self.subscriber:07d}"[: len(self.prefix) + 7].ljust(
            len(self.prefix) + digits, "3"
        )


places = st.builds(
    Place,
    zone=st.sampled_from(POOL_ZONES),
    now=st.builds(lambda day, seconds: day + timedelta(seconds=seconds), st.sampled_from(DAYS), st.integers(0, 86_399)),
    notice=st.sampled_from([0, 3, 15, 45, 24 * 60]),
    horizon=st.sampled_from([2, 3, 14]),
    capacities=st.lists(st.sampled_from([0, 1, 1, 2]), min_size=48, max_size=48),
    hours=st.sampled_from([("00:00", "24:00"), ("08:00", "21:00"), ("08:00", "21:00"), ("09:10", "17:45")]),
    parameters=st.fixed_dictionaries(
        {"timeZone": st.sampled_from(["UTC", "Central Standard Time"])},
        optional={"startTime": st.sampled_from(["05:10", "08:00"]), "endTime": st.sampled_from(["17:20", "23:00"])},
    ),
)
callers = st.builds(
    Asked,
    prefix=st.sampled_from(PREFIXES),
    subscriber=st.integers(0, 7_999_999),
    stated=st.sampled_from(STATED),
    most=st.sampled_from([1, 2, 3, 3, 9]),
    part=st.sampled_from(["", "", "morning", "afternoon"]),
    state=st.sampled_from(["free"] * 9 + ["listed"]),
    minutes_later=st.integers(0, 4),
    by_number=st.booleans(),
    on_the_other_node=st.booleans(),
    keeps=st.sampled_from([False] * 9 + [True]),
)


class Centre:
    """Two nodes on one database; counts what was seen."""

    def __init__(self, api: Api, other: JsonClient) -> None:
        self.api, self.nodes, self.seen, self.calls = api, (api.client, other), Counter[str](), 0

    def set_up(self, it: Place) -> None:
        world = self.api.world
        with world.database.writing() as tx:
            for model in (models.CallbackRequest, models.CallbackEvent, models.Callback, models.Slot, models.DoNotCall):
                tx.execute(delete(model))
            tx.commit()
        world.settings(
            minimum_notice_minutes=it.notice, booking_horizon_days=it.horizon, open_callbacks_per_number=1,
            allowed_countries=[],
        )  # fmt: skip
        world.configure(models.Pool, {"time_zone": it.zone}, id=world.pool_id)
        world.configure(models.DailySchedule, {"capacities": it.capacities}, id=world.daily_id)
        hours = {"calling_hours_start": it.hours[0], "calling_hours_end": it.hours[1]}
        world.configure(models.Campaign, {"parameters": it.parameters, **hours}, id=world.campaign_id)
        for node in self.nodes:
            self._call(node, "GET", "offer", query_string={"skill": "x", "phone": "x"})  # reads the settings

    def serve(self, it: Place, asked: Asked) -> None:
        self.calls += 1
        call_id, here = f"call-{self.calls}", self.nodes[0]
        self.api.now = it.now  # no clock goes back: the callers are served beside each other
        if asked.state == "listed":
            self.api.world.add(models.DoNotCall, phone=asked.phone, added_at=it.now)
        query = {"skill": "Billing", "phone": asked.phone, "callId": call_id, "max": asked.most, "part": asked.part,
                 "timeZone": asked.stated or ""}  # fmt: skip
        offer = self._call(here, "GET", "offer", query_string=query)
        self.seen[offer["result"]] += 1
        if offer["result"] != "ok":
            start = (it.now + timedelta(minutes=it.notice + 1)).isoformat()
            refused = {**self._body(asked, call_id), "start": start, "skill": "Billing"}
            assert self._call(here, "POST", "book", json=refused)["result"] == offer["result"]
            return
        for number, start in enumerate(starts(offer), 1):
            account = self._book(it, asked, call_id, number, start, offer)
            if asked.keeps:
                self._is_refused_another(asked, account)
                return
            self.nodes[0].delete(f"/api/v1/callbacks/{account}", headers={"X-API-Key": self.api.key})

    def _book(self, it: Place, asked: Asked, call_id: str, number: int, start: str, offer: dict[str, Any]) -> str:
        node = self.nodes[asked.on_the_other_node]
        self.api.now = it.now + timedelta(minutes=asked.minutes_later, seconds=59)
        what = {"slot": number} if asked.by_number else {"start": start, "skill": "Billing"}
        booked = self._call(node, "POST", "book", json={**self._body(asked, call_id), **what})
        assert booked["result"] == "ok", (booked["result"], booked["message"], start, asked, it)
        assert booked["start"] == start
        assert booked["spoken"] == offer[f"slot{number}Spoken"]
        if asked.stated:
            local = datetime.fromisoformat(start).astimezone(ZoneInfo(asked.stated))
            assert it.hours[0] <= f"{local:%H:%M}" < it.hours[1]
        self.seen["booked"] += 1
        return str(booked["accountNumber"])

    def _is_refused_another(self, asked: Asked, account: str) -> None:
        again = self._call(self.nodes[1], "GET", "offer", query_string={"skill": "Billing", "phone": asked.phone})
        assert (again["result"], again["accountNumber"]) == ("duplicate_callback", account)
        self.seen["duplicate_callback"] += 1

    def _body(self, asked: Asked, call_id: str) -> dict[str, Any]:
        return {"phone": asked.phone, "callId": call_id, "timeZone": asked.stated or ""}

    def _call(self, node: JsonClient, method: str, call: str, **how: Any) -> Any:
        path = f"{PREFIX}/{call}?always200=true" if method == "POST" else f"{PREFIX}/{call}"
        if method == "GET":
            how["query_string"] = {**how["query_string"], "always200": "true"}
        answer = node.open(path, method=method, headers={"X-API-Key": self.api.key}, **how)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def centre(api: Api) -> Iterator[Centre]:
    with another_node(api) as other:
        yield Centre(api, other)


def test_no_offered_slot_is_refused_for_a_reason_known_at_the_offer(centre: Centre) -> None:
    @settings(
        max_examples=max(1, OFFERS // OFFERS_OF_A_SITE),
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(
        place=places,
        asked=st.lists(callers, min_size=OFFERS_OF_A_SITE, max_size=OFFERS_OF_A_SITE, unique_by=lambda one: one.phone),
    )
    def one(place: Place, asked: list[Asked]) -> None:
        centre.set_up(place)
        for caller in asked:
            centre.serve(place, caller)

    one()
    print(dict(centre.seen))
    assert centre.seen["booked"] > OFFERS / 5
    assert {"ok", "do_not_call", "duplicate_callback"} <= set(centre.seen)
