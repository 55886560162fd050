"""The main job through HAProxy, with two of each service and the simulator: from the IVR's question to the result."""

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from deploy.sandbox.seed import IVR_ROUTE_POINT
from deploy.sandbox.stack import Stack
from deploy.sandbox.ucce_simulator.control_client import Control
from shared.callbacks.states import is_legal
from shared.db.models import Attempt, CallbackEvent, CallbackRequest, Campaign
from shared.db.session import Database
from tests.e2e import ivr_kit
from tests.e2e.ivr import Ivr, Operator, control, soon
from tests.e2e.ivr import phone as ivr_phone
from tests.support.until import until


def fetched_calls(ucce_control: Control, number: str) -> list[dict[str, Any]] | None:
    """The transferred calls of a callback, once the script has fetched the callback for the first one."""
    calls = ucce_control.transfers(number)
    return calls if calls and calls[0]["fetched"] else None


@pytest.fixture
def ivr(stack: Stack) -> Ivr:
    return Ivr(stack)


@pytest.fixture
def ucce_control(stack: Stack) -> Control:
    return control(stack)


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    database = Database(stack.env["CM_DATABASE_URL"])
    yield database
    database.close()


def test_a_callback_is_offered_booked_dialled_served_and_its_result_shown(
    stack: Stack, ivr: Ivr, ucce_control: Control, database: Database
) -> None:
    offer = ivr.get("availability", skill="Billing", callId="call-1").json()
    assert offer["available"] > 0
    booked = ivr.book(callId="call-1", callData={"customerId": "A-77"}, firstName="Ada", lastName="Byron")
    number = booked["accountNumber"]
    ucce_control.results(accounts={number: [10]})
    ivr.wait_for(number, "imported", "completed")
    on_the_call = ivr.get(f"callbacks/{number}-01").json()
    assert on_the_call["callData"] == {"customerId": "A-77"}
    assert ivr.wait_for(number, "completed", "failed") == "completed"

    with database.reading() as connection:
        events = connection.execute(
            select(CallbackEvent.from_status, CallbackEvent.to_status)
            .where(CallbackEvent.account_number == number)
            .order_by(CallbackEvent.id)
        ).all()
        attempts = connection.execute(
            select(Attempt.contact_key, Attempt.outcome).filter_by(account_number=number)
        ).all()
        asked = connection.execute(select(CallbackRequest.outcome).filter_by(call_id="call-1")).scalars().all()
    assert [after for _, after in events] == ["scheduled", "importing", "imported", "completed"]
    assert all(is_legal(before, after) for before, after in events)
    assert attempts == [(f"{number}-01", "answered")]
    assert sorted(asked) == ["asked", "scheduled"]


def test_an_answered_call_of_the_ivr_campaign_goes_to_its_script_which_fetches_and_queues_it(
    ivr: Ivr, ucce_control: Control, database: Database
) -> None:
    booked = {
        "agent 1042": ivr.book(agentId="1042", callData={"reason": "invoice"}),
        "skill Billing": ivr.book(callData={"reason": "contract"}),
    }
    ucce_control.agents("1043")
    busy = ivr.book(agentId="1043")["accountNumber"]
    ucce_control.results(
        accounts={number: [10] for number in (busy, *(one["accountNumber"] for one in booked.values()))}
    )
    for queued_to, one in booked.items():
        number = one["accountNumber"]
        assert ivr.wait_for(number, "completed", "failed") == "completed"
        (call,) = until(
            partial(fetched_calls, ucce_control, number), timeout=10, what="the script fetched the callback"
        )
        assert (call["accountNumber"], call["routePoint"]) == (f"{number}-01", IVR_ROUTE_POINT)
        fetched = call["fetched"]
        assert (fetched["status"], fetched["skill"], fetched["callData"]) == (200, "Billing", one["callData"])
        assert call["queuedTo"] == queued_to
    assert ivr.get(f"callbacks/{booked['agent 1042']['accountNumber']}").json()["agentOutcome"] == "agent"
    assert ivr.wait_for(busy, "completed", "failed") == "completed"
    (call,) = until(partial(fetched_calls, ucce_control, busy), timeout=10, what="the script reported the agent's end")
    assert call["queuedTo"] == "skill Billing"
    assert ivr.get(f"callbacks/{busy}").json()["agentOutcome"] == "skill"
    with database.reading() as connection:
        found = connection.execute(select(Campaign.observed).where(Campaign.name == "Billing_Callback")).scalar_one()
    assert found["campaignPurposeType"] == "ivrCampaign"
    (group,) = found["skillGroupInfos"]
    assert (group["ivrRoutePoint"], "dialedNumber" in group) == (IVR_ROUTE_POINT, False)


def test_a_full_slot_offers_others_and_a_cancelled_callback_frees_its_place(ivr: Ivr) -> None:
    slots = ivr.get("availability", skill="Billing", detail="slots", days=5).json()["days"][3]["slots"]
    slot = min(slots, key=lambda one: one["available"])
    booked = [ivr.book(start=slot["start"]) for _ in range(slot["available"])]
    refused = ivr.post("callbacks", {"phone": "+13125550142", "start": slot["start"], "skill": "Billing"})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_full")
    assert len(refused.json()["alternatives"]) == 3
    assert ivr.post(f"callbacks/{booked[0]['accountNumber']}/cancel").status_code == 204
    ivr.book(start=slot["start"])


def test_a_repeat_through_the_other_node_gets_the_first_answer(stack: Stack, ivr: Ivr) -> None:
    body = {"phone": "+13125550177", "start": ivr.get("availability", skill="Billing", detail="slots", days=4).json()[
        "days"][2]["slots"][20]["start"], "skill": "Billing"}  # fmt: skip
    answers = [ivr.post("callbacks", body, **{"Idempotency-Key": "repeat-1"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200, 200]
    assert all(answer.json() == answers[0].json() for answer in answers)


def test_an_operator_makes_the_other_node_the_master(stack: Stack, ivr: Ivr) -> None:
    operator = Operator(stack)
    before = operator.status()
    assert operator.order("resign").status_code == 202
    after = until(
        lambda: (now := operator.status())["node"] != before["node"] and now, timeout=20, what="the other node"
    )
    assert after["epoch"] > before["epoch"]
    ivr.wait_for(ivr.book()["accountNumber"], "completed", "failed")


def test_closed_bookings_are_refused_until_they_are_opened_again(stack: Stack, ivr: Ivr) -> None:
    operator = Operator(stack)
    assert operator.order("brakes", {"acceptBookings": False}).ok
    try:
        refused = ivr.post("callbacks", {"phone": "+13125550188", "start": soon(), "skill": "Billing"})
        assert (refused.status_code, refused.json()["code"]) == (409, "booking_closed")
    finally:
        assert operator.order("brakes", {"acceptBookings": True}).ok
    ivr.book()


def test_a_newcomer_books_with_the_commands_of_the_kits_readme(stack: Stack, ivr: Ivr, tmp_path: Path) -> None:
    shown = ivr_kit.run_readme(stack, tmp_path)

    assert shown.status == 0, shown.text
    offered, booked, fetched, declined, problem, refused = shown.answers
    assert [one["result"] for one in (offered, booked, fetched, declined)] == ["ok"] * 4
    assert (booked["start"], booked["phone"][:8]) == (offered["slot1Start"], "+1312555")
    assert f"\n{booked['accountNumber']}\n" in shown.text
    assert (fetched["accountNumber"], fetched["data_reason"]) == (booked["accountNumber"], "invoice")
    assert (problem["status"], problem["code"], refused["result"]) == ("404", "unknown_skill", "unknown_skill")
    assert ivr.status(booked["accountNumber"]) == "scheduled"


@pytest.mark.skipif(not ivr_kit.NEWMAN.exists(), reason="Postman's runner is not installed: make postman")
def test_the_kits_postman_collection_runs_from_top_to_bottom(stack: Stack) -> None:
    shown = ivr_kit.run_collection(stack)

    assert shown.status == 0, shown.text
    assert re.search(r"assertions[^\d]+(\d{2,})[^\d]+0 ", shown.text), shown.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--digits", "1,1,1,1"], "Thank you. We will call you on "),
        (["--digits", "2,2,3125559876#,5x,6,7,1,2,1,1"], "Gracias. Le llamaremos el "),
    ],
    ids=["English", "Spanish, another number, a wrong digit, later, mornings, other times"],
)
def test_the_terminal_dialogue_books_and_fetches(stack: Stack, ivr: Ivr, arguments: list[str], said: str) -> None:
    number = ivr_phone() if arguments[1][0] != "2" else ""
    shown = ivr_kit.play(stack, *arguments, *(["--phone", number] if number else []))

    assert shown.status == 0, shown.text
    assert said in shown.text
    account = re.search(r"booked, \[1\] = (\w{26})", shown.text)
    assert account, shown.text
    callback = ivr.get(f"callbacks/{account[1]}").json()
    assert (callback["status"], callback["callData"]["language"]) == ("scheduled", "en" if number else "es")
    assert shown.text.rstrip().endswith("Queue to Skill Group Billing.")


def test_the_terminal_dialogue_books_a_personal_callback(stack: Stack) -> None:
    shown = ivr_kit.play(stack, "--digits", "1,1,1,1", "--phone", ivr_phone(), "--agent", "1042")

    assert re.search(r"ICM:  Queue to Agent 1042 for \d+ s, then Queue to Skill Group Billing\.$", shown.text.rstrip())


def test_the_terminal_dialogue_says_what_is_missing(stack: Stack, tmp_path: Path) -> None:
    not_started = ivr_kit.play(stack, var=tmp_path)
    no_key = ivr_kit.play(stack, "--url", stack.url, var=tmp_path)
    untrusted = ivr_kit.play(stack, "--url", stack.env["CM_HTTPS_URL"])
    nobody = ivr_kit.play(stack, "--url", "http://127.0.0.1:1")
    wrong = ivr_kit.play(stack, "--key", "wrong", "--digits", "1,1")
    ended = ivr_kit.play(stack, "--digits", "1")
    declined = ivr_kit.play(stack, "--digits", "1,9")

    assert (not_started.status, "make run" in not_started.text) == (1, True)
    assert (no_key.status, "There is no API key" in no_key.text) == (1, True)
    assert (untrusted.status, "--ca-file" in untrusted.text) == (1, True)
    assert (nobody.status, "make run" in nobody.text) == (1, True)
    assert (wrong.status, "result=unauthorized" in wrong.text, "Queue to Skill Group" in wrong.text) == (1, True, True)
    assert (ended.status, "ended here" in ended.text) == (1, True)
    assert (declined.status, "Queue to Skill Group" in declined.text) == (0, True)


def test_a_load_profile_is_played(stack: Stack, tmp_path: Path) -> None:
    profile = json.loads((ivr_kit.KIT / "load_profile.json").read_text())
    (tmp_path / "short.json").write_text(json.dumps({**profile, "phases": [{"seconds": 3, "callersPerSecond": 5}]}))
    shown = ivr_kit.play_load(stack, tmp_path / "short.json")  # its status judges times, of a machine that may be busy

    assert "service_unavailable" not in shown.text, shown.text
    assert all(re.search(rf"^{call} +\d+.* ok \d+", shown.text, re.MULTILINE) for call in ("offer", "book", "callback"))


def test_nothing_was_imported_twice_and_no_slot_drifted(stack: Stack, ucce_control: Control) -> None:
    assert ucce_control.duplicates() == []
    assert Operator(stack).status()["slotDrift"] == 0
