"""Rule 5: how many open callbacks a number may have."""

import pytest
from sqlalchemy import update

from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.lookup import find_by_phone
from shared.callbacks.states import Status
from shared.callbacks.transitions import transition_one
from shared.db.models import Callback
from shared.errors import Code
from tests.support.configured_database import NOW, World

PHONE = "+13125550142"


def test_a_number_with_an_open_callback_is_refused_and_told_its_account_number(world: World) -> None:
    first = world.book(phone="(312) 555-0142").callback
    refusal = world.refusal(phone=PHONE, start="2026-11-25T09:00")
    assert refusal.code is Code.DUPLICATE_CALLBACK
    assert refusal.extra["accountNumber"] == first.account_number


def test_open_callbacks_count_for_the_number_whatever_their_skill_and_campaign(world: World) -> None:
    world.another_skill("Sales")
    world.book(phone=PHONE)
    assert world.refusal(phone=PHONE, skill="Sales").code is Code.DUPLICATE_CALLBACK


def test_a_cancelled_callback_makes_room_for_another(world: World) -> None:
    for _ in range(3):
        callback = world.book(phone=PHONE).callback
        cancel(world.database, callback.account_number, now=NOW, who="client:ivr")
    assert [row.open_rank for row in world.rows(Callback)] == [None] * 3
    assert world.drift() == []


@pytest.mark.parametrize("path", [
    (Status.EXPIRED,),
    (Status.IMPORTING, Status.FAILED),
    (Status.IMPORTING, Status.IMPORTED, Status.COMPLETED),
    (Status.IMPORTING, Status.IMPORTED, Status.FAILED),
])  # fmt: skip
def test_a_callback_counts_until_it_is_final(world: World, path: tuple[Status, ...]) -> None:
    callback, now_in = world.book(phone=PHONE).callback, Status.SCHEDULED
    for status in path:
        assert world.refusal(phone=PHONE).code is Code.DUPLICATE_CALLBACK
        with world.database.writing() as tx:
            assert transition_one(tx, callback.account_number, now_in, status, now=NOW, who="worker:a", why="test")
            tx.commit()
        now_in = status
    assert world.book(phone=PHONE).callback.account_number != callback.account_number


def test_the_limit_is_a_setting(world: World) -> None:
    world.settings(open_callbacks_per_number=2)
    world.book(phone=PHONE)
    second = world.book(phone=PHONE).callback
    refusal = world.refusal(phone=PHONE)
    assert refusal.code is Code.DUPLICATE_CALLBACK
    assert refusal.extra["accountNumber"] == second.account_number
    assert sorted(row.open_rank for row in world.rows(Callback)) == [1, 2]


def test_the_place_of_the_first_one_is_used_again(world: World) -> None:
    world.settings(open_callbacks_per_number=2)
    first, _second = world.book(phone=PHONE).callback, world.book(phone=PHONE).callback
    cancel(world.database, first.account_number, now=NOW, who="client:ivr")
    world.book(phone=PHONE)
    assert sorted(row.open_rank or 0 for row in world.rows(Callback)) == [0, 1, 2]


def test_a_lowered_limit_counts_what_is_open_not_which_ranks_are_free(world: World) -> None:
    world.settings(open_callbacks_per_number=2)
    first, _second = world.book(phone=PHONE).callback, world.book(phone=PHONE).callback
    cancel(world.database, first.account_number, now=NOW, who="client:ivr")
    world.settings(open_callbacks_per_number=1)
    assert world.refusal(phone=PHONE).code is Code.DUPLICATE_CALLBACK


def test_a_limit_of_nothing_refuses_without_an_account_number(world: World) -> None:
    world.settings(open_callbacks_per_number=0)
    refusal = world.refusal(phone=PHONE)
    assert refusal.code is Code.DUPLICATE_CALLBACK
    assert "accountNumber" not in refusal.extra


def test_the_callbacks_of_a_number_are_listed_newest_first(world: World) -> None:
    world.settings(open_callbacks_per_number=3)
    booked = [world.book(phone=PHONE).callback.account_number for _ in range(3)]
    cancel(world.database, booked[1], now=NOW, who="client:ivr")
    world.book()
    found = find_by_phone(world.database, world.config_cache, PHONE)
    assert [callback.account_number for callback in found] == sorted([booked[0], booked[2]], reverse=True)
    everything = find_by_phone(world.database, world.config_cache, PHONE, tuple(Status))
    assert len(everything) == 3
    assert find_by_phone(world.database, world.config_cache, "+13125550143") == []


def test_the_database_itself_refuses_a_second_callback_of_the_same_rank(world: World) -> None:
    world.settings(open_callbacks_per_number=2)
    for _ in range(2):
        world.book(phone=PHONE)
    with world.database.writing() as tx, pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        tx.execute(update(Callback).values(open_rank=1))
