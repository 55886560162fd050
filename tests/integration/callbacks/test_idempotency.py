"""A repeat with the same key gets the first answer again, whatever happened in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.callbacks.booking import book
from shared.callbacks.booking_request import ApiCaller, BookingRequest, BookingResult
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.reschedule import reschedule
from shared.callbacks.states import Status
from shared.callbacks.transitions import transition_one
from shared.db.models import ApiClient, Callback, CallbackRequest, Campaign, Skill
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World


def again(
    world: World, request: BookingRequest, key: str = "k-1", later: timedelta = timedelta(minutes=1)
) -> BookingResult:
    """The answer to a repeat. Raises DomainError."""
    return book(world.database, world.config_cache, request, world.caller, NOW + later, key)


def refused_again(world: World, request: BookingRequest) -> Code:
    """The code of the refusal of a repeat."""
    with pytest.raises(DomainError) as refused:
        again(world, request)
    return refused.value.code


def test_a_repeat_gets_the_same_booking_and_nothing_is_booked_twice(world: World) -> None:
    request = world.request(call_data={"a": "1"}, first_name="Ada")
    first = again(world, request)
    for _ in range(3):
        repeat = again(world, request)
        assert repeat == replace(first, replayed=True)
    assert len(world.rows(Callback)) == len(world.rows(CallbackRequest)) == 1


def test_a_repeat_of_a_refusal_gets_the_refusal_with_all_it_said(world: World) -> None:
    for _ in range(3):
        world.book(start="2026-11-23T09:00")
    request = world.request(start="2026-11-23T09:10")
    refusals = []
    for _ in range(2):
        with pytest.raises(DomainError) as refused:
            book(world.database, world.config_cache, request, world.caller, NOW, "k-1")
        refusals.append((refused.value.code, refused.value.detail, refused.value.extra))
        cancel(world.database, world.rows(Callback, status="scheduled")[0].account_number, now=NOW, who="user:a")
    assert refusals[0] == refusals[1]
    assert len(refusals[0][2]["alternatives"]) == 3
    assert [row.outcome for row in world.rows(CallbackRequest)].count("slot_full") == 1


def test_the_same_key_with_another_request_is_refused_and_recorded(world: World) -> None:
    request = world.request()
    again(world, request)
    for other in (
        replace(request, start="2026-11-23T11:00"),
        replace(request, phone="555"),
        replace(request, skill="X"),
    ):
        assert refused_again(world, other) is Code.IDEMPOTENCY_KEY_REUSED
    outcomes = [(row.outcome, row.request_key) for row in world.rows(CallbackRequest)]
    assert outcomes == [("scheduled", "k-1"), *[("idempotency_key_reused", None)] * 3]


def test_a_key_belongs_to_its_client(world: World) -> None:
    other = world.add(ApiClient, name="other", key_hash="1" * 64, key_hint="1111", scopes=["ivr"], enabled=True,
                      version=1, changed_at=NOW)  # fmt: skip
    agents = [ApiCaller.of_agent(agent_id, None) for agent_id in ("1042", "1043")]
    for hour, caller in enumerate((world.caller, ApiCaller(other, "other", "ivr"), *agents), 10):
        own = replace(world, caller=caller)
        request = world.request(start=f"2026-11-23T{hour}:10")
        assert not again(own, request).replayed
        assert again(own, request).replayed
        assert refused_again(own, world.request()) is Code.IDEMPOTENCY_KEY_REUSED
    assert len(world.rows(Callback)) == 4


def test_keys_that_differ_only_in_case_are_different_keys(world: World) -> None:
    assert not world.book("k-a").replayed
    assert not world.book("K-A").replayed


def test_without_a_key_the_same_request_is_another_request(world: World) -> None:
    request = world.request()
    assert not book(world.database, world.config_cache, request, world.caller, NOW).replayed
    with pytest.raises(DomainError, match="duplicate_callback"):
        book(world.database, world.config_cache, request, world.caller, NOW)


def test_the_first_answer_shows_the_callback_as_it_was_booked(world: World) -> None:
    request = world.request()
    first = again(world, request)
    number = first.callback.account_number
    reschedule(world.database, world.config_cache, number, "2026-11-24T13:40", now=NOW, who="client:ivr")
    for before, after in [("scheduled", "importing"), ("importing", "imported"), ("imported", "completed")]:
        with world.database.writing() as tx:
            transition_one(tx, number, Status(before), Status(after), now=NOW, who="worker:a", why="test", attempts=1,
                       outcome="answered")  # fmt: skip
            tx.commit()
        assert again(world, request) == replace(first, replayed=True)


def test_a_cancelled_callback_is_still_the_answer_of_its_key(world: World) -> None:
    request = world.request()
    first = again(world, request)
    cancel(world.database, first.callback.account_number, now=NOW, who="client:ivr")
    assert again(world, request) == replace(first, replayed=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.settings(accept_bookings=False),
        lambda world: world.configure(Skill, {"accepts_bookings": False}),
        lambda world: world.configure(Skill, {"name": "Invoices"}),
        lambda world: world.configure(Skill, {"default_campaign_id": None}),
        lambda world: world.configure(Campaign, {"enabled": False}),
        lambda world: world.settings(allowed_countries=["GB"]),
        lambda world: world.settings(minimum_notice_minutes=600),
    ],
    ids=["closed", "skill closed", "skill renamed", "no campaign", "campaign disabled", "country", "notice"],
)
def test_a_repeat_is_answered_although_the_rules_would_refuse_it_now(
    world: World, change: Callable[[World], object]
) -> None:
    request = world.request()
    first = again(world, request)
    change(world)
    world.config_cache.reload()  # so that the rules do refuse, before the key is looked up
    repeat = again(world, request, later=timedelta(hours=3))
    assert repeat.replayed
    assert repeat.callback.account_number == first.callback.account_number


def test_a_refusal_by_the_brakes_is_not_kept_so_that_a_repeat_may_succeed(world: World) -> None:
    request = world.request()
    world.settings(accept_bookings=False)
    assert refused_again(world, request) is Code.BOOKING_CLOSED
    world.settings(accept_bookings=True)
    assert not again(world, request).replayed
    assert again(world, request).replayed


def test_a_refusal_whose_key_was_booked_meanwhile_gives_that_booking(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The snapshot of this node still has the skill closed when another node books with the same key.
    request = world.request(skill="Later")
    world.config_cache.current()
    world.another_skill("Later")
    other = world.on(world.database)
    booked: list[BookingResult] = []

    def refused_late(decision: object) -> object:
        try:
            raise DomainError(Code.UNKNOWN_SKILL, "There is no such skill.")
        finally:
            booked.append(again(other, replace(request, skill="Billing")))

    with monkeypatch.context() as patched:
        patched.setattr(world.config_cache, "retry_if_stale", refused_late)
        answer = again(world, replace(request, skill="Billing"))
    assert answer == replace(booked[0], replayed=True)
