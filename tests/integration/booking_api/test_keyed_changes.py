"""Idempotency keys of moves and cancellations: a repeat gets the first answer again and does nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from shared.db import models
from tests.support.booking_api import Api, add_key, code

TEN, ELEVEN = "2026-11-24T10:10:00-06:00", "2026-11-24T11:10:00-06:00"
UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV"

Move = Callable[..., Any]


def move(api: Api, number: str, start: str, named: str | None, *, by: str = "header", **how: Any) -> Any:
    """`by`: the header and a POST, the body and a POST, or the header and a PATCH."""
    body = {"start": start, **({"requestId": named} if by == "body" else {})}
    headers = {} if named is None or by == "body" else {"Idempotency-Key": named}
    if by == "patch":
        return api.request("PATCH", f"/api/v1/callbacks/{number}", json=body, headers=headers, **how)
    return api.post(f"/api/v1/callbacks/{number}/reschedule", json=body, headers=headers, **how)


def cancel(api: Api, number: str, key: str | None, *, by: str = "header") -> Any:
    headers = {} if key is None or by == "body" else {"Idempotency-Key": key}
    if by == "delete":
        return api.request("DELETE", f"/api/v1/callbacks/{number}", headers=headers)
    body = {"json": {"requestId": key}} if by == "body" else {}
    return api.post(f"/api/v1/callbacks/{number}/cancel", headers=headers, **body)


def whys(api: Api) -> list[str]:
    return [event.why.partition(" ")[0] for event in api.world.rows(models.CallbackEvent)]


@pytest.mark.parametrize("by", ["header", "body", "patch"])
def test_a_keyed_move_that_is_repeated_after_a_newer_one_does_not_undo_it(api: Api, by: str) -> None:
    number = api.booked()
    first = move(api, number, TEN, "key-1", by=by)
    newer = move(api, number, ELEVEN, "key-2")

    again = move(api, number, TEN, "key-1", by=by)

    assert (again.status_code, again.json) == (200, first.json)
    assert api.get(f"/api/v1/callbacks/{number}").json == newer.json
    assert whys(api) == ["booked", "rescheduled", "rescheduled"]
    assert api.world.drift() == []


def test_a_keyed_move_to_where_the_callback_is_already_is_kept_too(api: Api) -> None:
    number = api.booked(start=TEN)
    move(api, number, TEN, "key-1")
    move(api, number, ELEVEN, None)

    assert move(api, number, TEN, "key-1").json["start"] == TEN
    assert api.get(f"/api/v1/callbacks/{number}").json["start"] == ELEVEN


@pytest.mark.parametrize("end", ["cancelled", "imported", "blocked", "closed", "another pool"])
def test_the_first_answer_of_a_move_holds_whatever_became_of_the_callback(api: Api, end: str) -> None:
    number = api.booked(phone="+13125550142")
    first = move(api, number, TEN, "key-1")
    if end == "cancelled":
        cancel(api, number, None)
    elif end == "imported":
        api.world.configure(models.Callback, {"status": "imported"})
    elif end == "blocked":
        api.world.add(models.DoNotCall, phone="+13125550142", added_at=api.now)
    elif end == "closed":
        api.world.settings(accept_bookings=False)
    else:
        pool = api.world.add(models.Pool, skill_id=api.world.skill_id, campaign_id=api.world.campaign_id,
                             time_zone="Asia/Tokyo")  # fmt: skip
        api.world.add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=api.world.weekly_id,
                      starts_on=date(2026, 1, 1), version=1, changed_at=api.now)  # fmt: skip
        assert move(api, number, ELEVEN, None).status_code == 200

    again = move(api, number, TEN, "key-1")

    assert (again.status_code, again.json) == (200, first.json)


def test_the_first_answer_of_a_booking_keeps_its_zone_when_the_callback_moved_to_another(api: Api) -> None:
    booking_body: dict[str, Any] = {"phone": "+13125550142", "requestId": "key-1"}
    first = api.book(**booking_body).json
    pool = api.world.add(models.Pool, skill_id=api.world.skill_id, campaign_id=api.world.campaign_id,
                         time_zone="Asia/Tokyo")  # fmt: skip
    api.world.add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=api.world.weekly_id,
                  starts_on=date(2026, 1, 1), version=1, changed_at=api.now)  # fmt: skip
    assert move(api, first["accountNumber"], ELEVEN, None).json["start"].endswith("+09:00")

    assert api.book(**booking_body).json == first


def test_a_refused_move_is_refused_again_with_the_same_key(api: Api) -> None:
    number = api.booked()
    in_the_way = [api.booked(start=TEN) for _ in range(3)]
    first = move(api, number, TEN, "key-1")
    cancel(api, in_the_way[0], None)

    again = move(api, number, TEN, "key-1")

    assert code(first) == code(again) == (409, "slot_full")
    assert again.json["alternatives"] == first.json["alternatives"]
    assert move(api, number, TEN, "key-2").status_code == 200


def test_what_the_operator_refused_may_succeed_later_with_the_same_key(api: Api) -> None:
    number = api.booked()
    api.world.settings(accept_bookings=False)
    assert code(move(api, number, TEN, "key-1")) == (409, "booking_closed")
    api.world.settings(accept_bookings=True)

    assert move(api, number, TEN, "key-1").status_code == 200


@pytest.mark.parametrize("by", ["header", "body", "delete"])
def test_a_keyed_cancellation_is_repeated_and_done_once(api: Api, by: str) -> None:
    number = api.booked()

    assert [cancel(api, number, "key-1", by=by).status_code for _ in range(3)] == [204, 204, 204]
    assert whys(api) == ["booked", "cancelled"]
    assert api.world.drift() == []


def test_a_refused_cancellation_is_refused_again_with_the_same_key(api: Api) -> None:
    number = api.booked()
    api.world.configure(models.Callback, {"status": "importing"})
    first = cancel(api, number, "key-1")
    api.world.configure(models.Callback, {"status": "scheduled"})

    assert code(first) == code(cancel(api, number, "key-1")) == (409, "not_cancellable")
    assert cancel(api, number, "key-2").status_code == 204


@pytest.mark.parametrize("first", ["book", "move", "move in vain", "cancel", "cancel again", "offer"])
@pytest.mark.parametrize("then", ["book", "move", "move another", "cancel", "cancel another", "offer"])
def test_a_key_is_of_one_request_whatever_its_kind(api: Api, first: str, then: str) -> None:
    number, other = api.booked(), api.booked()
    requests: dict[str, Callable[[], Any]] = {
        "book": lambda: api.book(phone="+13125550142", requestId="key-1"),
        "move": lambda: move(api, number, TEN, "key-1"),
        "move in vain": lambda: move(api, UNKNOWN, TEN, "key-1"),
        "move another": lambda: move(api, other, TEN, "key-1"),
        "cancel": lambda: cancel(api, number, "key-1"),
        "cancel again": lambda: [cancel(api, number, key) for key in (None, "key-1")][1],
        "cancel another": lambda: cancel(api, other, "key-1"),
        "offer": lambda: api.post("/api/v1/callback-requests", json={"skill": "Billing", "outcome": "declined"},
                                  headers={"Idempotency-Key": "key-1"}),
    }  # fmt: skip
    requests[first]()
    before = api.world.rows(models.CallbackEvent)
    answer = requests[then]()

    if first.removesuffix(" again") == then:
        assert answer.status_code in (200, 204)
    else:
        assert code(answer) == (422, "idempotency_key_reused")
    assert api.world.rows(models.CallbackEvent) == before


def test_a_key_belongs_to_its_client(api: Api) -> None:
    other = add_key(api.world, "other-ivr", "ivr")
    number = api.booked()

    assert move(api, number, TEN, "key-1").status_code == 200
    assert move(api, number, ELEVEN, "key-1", key=other).json["start"] == ELEVEN


@pytest.mark.parametrize("by", ["header", "body", "patch"])
def test_an_empty_key_is_no_key(api: Api, by: str) -> None:
    numbers = [api.booked(), api.booked()]

    moved = [move(api, numbers[0], start, "", by=by).json["start"] for start in (TEN, ELEVEN, TEN)]
    cancelled = [cancel(api, number, "", by=by).status_code for number in numbers]

    assert (moved, cancelled) == ([TEN, ELEVEN, TEN], [204, 204])
    assert [row.request_key for row in api.world.rows(models.CallbackRequest)] == [None, None]


def test_a_key_in_the_body_of_a_cancellation_must_be_a_text(api: Api) -> None:
    number = api.booked()

    assert code(api.post(f"/api/v1/callbacks/{number}/cancel", json={"requestId": 5})) == (422, "validation_error")
    assert code(cancel(api, number, "k" * 129)) == (422, "validation_error")
    assert api.get(f"/api/v1/callbacks/{number}").json["status"] == "scheduled"


def test_repeats_of_a_move_at_the_same_moment_move_once(api: Api) -> None:
    number = api.booked()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: move(api, number, TEN, "key-1"), range(12)))

    assert {(answer.status_code, answer.json["start"]) for answer in answers} == {(200, TEN)}
    assert whys(api) == ["booked", "rescheduled"]
    assert api.world.drift() == []


def test_repeats_of_a_cancellation_at_the_same_moment_cancel_once(api: Api) -> None:
    number = api.booked()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: cancel(api, number, "key-1"), range(12)))

    assert [answer.status_code for answer in answers] == [204] * 12
    assert whys(api) == ["booked", "cancelled"]
    assert api.world.drift() == []


def test_keyed_changes_are_no_requests_for_a_callback_in_the_report(api: Api) -> None:
    number = api.booked(requestId="key-0")
    move(api, number, TEN, "key-1")
    move(api, number, "2027-11-24T10:10:00-06:00", "key-2")
    cancel(api, number, "key-3")
    cancel(api, UNKNOWN, "key-4")

    with api.world.database.reading() as connection:
        outcomes = connection.exec_driver_sql("SELECT outcome FROM report_requests").scalars().all()

    assert outcomes == ["scheduled"]
