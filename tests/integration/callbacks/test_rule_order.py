"""The rules in their order: of two that a request breaks, the earlier one refuses (services/README.md, "The rules of a
booking")."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pytest

from shared.callbacks.booking import book
from shared.db.models import CallbackRequest, Campaign, DailySchedule, DoNotCall
from tests.support.configured_database import NOW, World

PHONE = "+13125550142"


def nothing(world: World) -> None:
    """The request alone breaks the rule."""


def fill_the_slot(world: World) -> None:
    for _ in range(3):
        world.book(start="2026-11-23T09:10")


@dataclass(frozen=True)
class Breach:
    """One way to break a rule: a change of the database, and the values of the request."""

    code: str
    before: Callable[[World], object] = nothing
    fields: Mapping[str, str] = field(default_factory=dict)


# In the order of the rules. Before six o'clock there are no slots, so starts at three also break rule 6.
BREACHES = (
    Breach("unknown_skill", fields={"skill": "Nothing"}),
    Breach("unknown_campaign", fields={"campaign": "Nothing"}),
    Breach("campaign_not_available", lambda world: world.configure(Campaign, {"enabled": False})),
    Breach("booking_closed", lambda world: world.settings(accept_bookings=False)),
    Breach("invalid_phone", fields={"phone": "555-0142"}),
    Breach("phone_not_allowed", fields={"phone": "+1 900 234 5678"}),
    Breach("do_not_call", lambda world: world.add(DoNotCall, phone=PHONE, added_at=NOW)),
    Breach("invalid_start", fields={"start": "2026-11-24T03"}),
    Breach("start_in_past", fields={"start": "2026-11-23T03:00"}),
    Breach("outside_booking_window", fields={"start": "2027-06-01T03:00"}),
    Breach("duplicate_callback", lambda world: world.book(phone=PHONE, start="2026-11-25T09:10")),
    Breach("outside_calling_hours", lambda world: world.configure(Campaign, {"calling_hours_start": "09:11"})),
    Breach("no_slot", fields={"start": "2026-11-24T03:00"}),
    Breach("slot_full", fill_the_slot),
)


def both(first: Breach, second: Breach) -> bool:
    """Whether one request can break both."""
    return not first.fields.keys() & second.fields.keys() and {first.code, second.code} != {"no_slot", "slot_full"}


def refusal(world: World, *breaches: Breach) -> str:
    world.configure(DailySchedule, {"capacities": [0] * 12 + [3] * 36}, id=world.daily_id)
    # Changes that book come before those that make bookings impossible.
    for breach in sorted(breaches, key=lambda each: each.code not in ("duplicate_callback", "slot_full")):
        breach.before(world)
    fields: dict[str, Any] = {"phone": PHONE, "start": "2026-11-23T09:10"}
    for breach in breaches:
        fields.update(breach.fields)
    return world.refusal(**fields).code


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.code)
def test_each_rule_refuses_with_its_code_and_is_recorded(world: World, breach: Breach) -> None:
    assert refusal(world, breach) == breach.code
    assert world.rows(CallbackRequest)[-1].outcome == breach.code


@pytest.mark.parametrize(
    ("first", "second"),
    [pair for pair in combinations(BREACHES, 2) if both(*pair)],
    ids=lambda breach: breach.code,
)
def test_the_earlier_of_two_broken_rules_refuses(world: World, first: Breach, second: Breach) -> None:
    assert refusal(world, first, second) == first.code


def test_a_request_that_breaks_no_rule_is_booked(world: World) -> None:
    world.configure(DailySchedule, {"capacities": [0] * 12 + [3] * 36}, id=world.daily_id)
    request = world.request(phone=PHONE, start="2026-11-23T09:10")
    assert not book(world.database, world.config_cache, request, world.caller, NOW).replayed
