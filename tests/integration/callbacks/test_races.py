"""Races of threads and of processes for the last place, with one number, with one idempotency key."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.db.models import Callback, CallbackRequest, DailySchedule
from tests.integration.callbacks.race_process import answer, race
from tests.support.configured_database import World, phone

SAME_PHONE = "+13125550142"
SLOT = {"start": "2026-11-23T09:10", "skill": "Billing"}


def threads(world: World, requests: list[dict[str, Any]], key: str | None = None) -> list[dict[str, Any]]:
    """Every answer to `requests`, each made by a thread of its own."""
    with ThreadPoolExecutor(len(requests)) as pool:
        made = [
            pool.submit(answer, world.database, world.config_cache, request, world.caller.client_id, key)
            for request in requests
        ]
        return [each.result(60) for each in made]


def codes(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(each["code"] for each in answers)


def processes(world: World, database_url: str, requests: list[dict[str, Any]], key: str | None = None) -> Any:
    return race(database_url, requests, world.caller.client_id, key, processes=3)


@pytest.mark.parametrize("first_booking", [True, False], ids=["of a new slot", "of a slot in use"])
def test_of_threads_that_race_for_the_last_place_one_wins(world: World, first_booking: bool) -> None:
    if not first_booking:
        world.book()
    world.configure(DailySchedule, {"capacities": [1 if first_booking else 2] * 48}, id=world.daily_id)
    answers = threads(world, [{**SLOT, "phone": phone()} for _ in range(12)])
    assert codes(answers) == {"booked": 1, "slot_full": 11}
    assert world.drift() == []


def test_of_processes_that_race_for_the_last_places_exactly_as_many_win(world: World, database_url: str) -> None:
    world.configure(DailySchedule, {"capacities": [5] * 48}, id=world.daily_id)
    answers = processes(world, database_url, [{**SLOT, "phone": f"+1312555{i:02}{{n}}1"} for i in range(10)])
    assert codes(answers) == {"booked": 5, "slot_full": 25}
    assert len(world.rows(Callback)) == 5
    assert len(world.rows(CallbackRequest)) == 30
    assert world.drift() == []


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_of_threads_that_race_with_one_number_as_many_as_the_limit_win(world: World, limit: int) -> None:
    world.settings(open_callbacks_per_number=limit)
    requests = [{**SLOT, "phone": SAME_PHONE, "start": f"2026-11-23T{10 + i}:10"} for i in range(10)]
    answers = threads(world, requests)
    assert codes(answers) == {"booked": limit, "duplicate_callback": 10 - limit}
    known = {callback.account_number for callback in world.rows(Callback)}
    assert {each["extra"]["accountNumber"] for each in answers if each["code"] != "booked"} <= known
    assert world.drift() == []


def test_of_processes_that_race_with_one_number_as_many_as_the_limit_win(world: World, database_url: str) -> None:
    world.settings(open_callbacks_per_number=2)
    requests = [{**SLOT, "phone": SAME_PHONE, "start": f"2026-11-23T{10 + i}:10"} for i in range(4)]
    answers = processes(world, database_url, requests)
    assert codes(answers) == {"booked": 2, "duplicate_callback": 10}
    assert world.drift() == []


def test_threads_with_one_key_make_one_callback_and_get_equal_answers(world: World) -> None:
    answers = threads(world, [{**SLOT, "phone": SAME_PHONE}] * 12, key="k-1")
    assert codes(answers) == {"booked": 12}
    assert len({each["account_number"] for each in answers}) == 1
    assert Counter(each["replayed"] for each in answers) == {False: 1, True: 11}
    assert len(world.rows(Callback)) == len(world.rows(CallbackRequest)) == 1
    assert world.drift() == []


def test_processes_with_one_key_make_one_callback_and_get_equal_answers(world: World, database_url: str) -> None:
    answers = processes(world, database_url, [{**SLOT, "phone": SAME_PHONE}] * 3, key="k-1")
    assert Counter(each.pop("replayed") for each in answers) == {False: 1, True: 8}
    assert len({str(each) for each in answers}) == 1
    assert len(world.rows(Callback)) == len(world.rows(CallbackRequest)) == 1


def test_threads_with_one_key_for_the_last_place_never_see_it_full(world: World) -> None:
    # The first takes the last place; the others must get its answer, not that the slot is full or the number taken.
    world.configure(DailySchedule, {"capacities": [1] * 48}, id=world.daily_id)
    for attempt in range(5):
        request = {"skill": "Billing", "phone": phone(), "start": f"2026-11-23T1{attempt}:10"}
        answers = threads(world, [request] * 6, key=f"k-{attempt}")
        assert len({(each["code"], each["account_number"]) for each in answers}) == 1
    assert world.drift() == []


def test_threads_with_one_key_and_different_requests_make_one_callback(world: World) -> None:
    requests = [{**SLOT, "phone": phone()} for _ in range(8)]
    answers = threads(world, requests, key="k-1")
    assert codes(answers) == {"booked": 1, "idempotency_key_reused": 7}
    assert len(world.rows(Callback)) == 1
    assert Counter(row.outcome for row in world.rows(CallbackRequest)) == {
        "scheduled": 1, "idempotency_key_reused": 7}  # fmt: skip


def test_threads_that_are_refused_with_one_key_get_one_refusal(world: World) -> None:
    answers = threads(world, [{**SLOT, "phone": "555-0142"}] * 8, key="k-1")
    assert codes(answers) == {"invalid_phone": 8}
    assert len(world.rows(CallbackRequest)) == 1
