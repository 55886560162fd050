"""Personal callbacks: what their script is told, and the ends that it reports."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from deploy.sandbox.finesse.handle import FinesseFake
from shared.db import models
from tests.support.booking_api import AgentDesk, Api, code, utc
from tests.support.configured_database import NOW
from tests.support.statements import watched

SLOT_MINUTES = timedelta(minutes=30)
CALLED = utc("2026-11-23T09:10:00-06:00") + timedelta(seconds=40)  # the due minute, and some rings


def hand_over(api: Api, account_number: str, status: str = "imported", attempt: int = 1, **values: Any) -> None:
    """As the master does: claimed, and at UCCE."""
    imported = None if status == "importing" else api.now
    with api.world.database.writing() as tx:
        tx.execute(
            update(models.Callback)
            .filter_by(account_number=account_number)
            .values(status=status, attempts=attempt, **values)
        )
        tx.execute(
            insert(models.Attempt).values(
                contact_key=f"{account_number}-{attempt:02}", account_number=account_number, number=attempt,
                campaign_id=api.world.campaign_id, batch_id="B", epoch=1, node="node-a", claimed_at=api.now,
                imported_at=imported,
            )
        )  # fmt: skip
        tx.commit()


def finish(api: Api, account_number: str, status: str, outcome: str) -> None:
    """As the master does with UCCE's result."""
    final = {} if status == "scheduled" else {"open_rank": None}
    with api.world.database.writing() as tx:
        of = {"account_number": account_number}
        tx.execute(update(models.Callback).filter_by(**of).values(status=status, outcome=outcome, **final))
        tx.execute(update(models.Attempt).filter_by(**of).values(finished_at=api.now, outcome=outcome))
        tx.commit()


def dialed(api: Api, status: str = "imported", **body: Any) -> str:
    """A personal callback whose customer has just answered."""
    account_number = api.booked(**{"agentId": "1042", **body})
    api.now = CALLED
    hand_over(api, account_number, status)
    return account_number


def report(api: Api, account_number: str, outcome: str, **how: Any) -> Any:
    return api.post(f"/api/v1/callbacks/{account_number}/agent-outcome", json={"outcome": outcome}, **how)


def row(api: Api, account_number: str) -> Any:
    return api.world.rows(models.Callback, account_number=account_number)[0]


def timeline(api: Api, account_number: str) -> list[tuple[str | None, str, str]]:
    events = api.world.rows(models.CallbackEvent, account_number=account_number)
    return [(event.from_status, event.to_status, event.why) for event in events]


def everything(api: Api) -> list[Any]:
    return [api.world.rows(table) for table in (models.Callback, models.CallbackEvent, models.Attempt, models.Slot,
                                                models.CallbackRequest)]  # fmt: skip


# --- what the script is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "minutes"), [("agentThenSkill", 0), ("agentThenSkill", 7), ("agentNextSlot", 60)])
def test_a_personal_callback_says_how_long_to_wait_for_the_agent_and_what_then(
    api: Api, policy: str, minutes: int
) -> None:
    api.world.configure(models.Campaign, {"personal_callbacks": policy, "agent_wait_minutes": minutes})
    booked = api.book(agentId="1042").json
    found = api.get(f"/api/v1/callbacks/{booked['accountNumber']}-01").json

    told = [
        (one["agentId"], one["agentPolicy"], one["agentWaitSeconds"], one["agentOutcome"]) for one in (booked, found)
    ]
    assert told == [("1042", policy, 60 * minutes, None)] * 2


def test_a_callback_of_no_agent_says_nothing_of_one(api: Api) -> None:
    booked = api.book().json
    assert [booked[name] for name in ("agentId", "agentPolicy", "agentWaitSeconds", "agentOutcome")] == [None] * 4


# --- the agent, the skill --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["importing", "imported"])
def test_who_spoke_with_the_agent_is_not_called_again(api: Api, status: str) -> None:
    """UCCE's own result may be a machine or an abandoned call: the campaign would try again."""
    number = dialed(api, status)

    answer = report(api, f"{number}-01", "agent")

    assert (answer.status_code, answer.json) == (200, {
        "accountNumber": number, "status": "completed", "agentId": "1042", "agentOutcome": "agent",
        "nextAccountNumber": None, "nextStart": None,
    })  # fmt: skip
    callback, (attempt,) = row(api, number), api.world.rows(models.Attempt)
    assert (callback.status, callback.outcome, callback.open_rank) == ("completed", "answered", None)
    assert (attempt.finished_at, attempt.outcome, attempt.imported_at is not None) == (api.now, "answered", True)
    assert timeline(api, number)[-1] == ("imported", "completed", "spoke with agent 1042")
    way = [(before, after) for before, after, _ in timeline(api, number)[1:]]
    assert way == [("importing", "imported"), ("imported", "completed")][-len(way):]  # fmt: skip
    assert api.get(f"/api/v1/callbacks/{number}").json["agentOutcome"] == "agent"


@pytest.mark.parametrize("status", ["importing", "imported"])
def test_what_went_to_the_skill_is_told_and_has_the_result_that_ucce_finds(api: Api, status: str) -> None:
    number = dialed(api, status)

    assert report(api, number, "skill").json["status"] == "imported"

    (attempt,) = api.world.rows(models.Attempt)
    assert attempt.finished_at is None
    assert attempt.listed_at is not None, "the call proves that UCCE has it: it is never sent again as never taken"
    assert timeline(api, number)[-1] == ("imported", "imported", "agent 1042 did not become free: went to the skill")


@pytest.mark.parametrize("outcome", ["agent", "skill"])
@pytest.mark.parametrize("status", ["completed", "failed"])
def test_a_report_after_the_result_is_told_beside_it(api: Api, outcome: str, status: str) -> None:
    number = dialed(api)
    finish(api, number, status, "answered")

    assert report(api, number, outcome).json["status"] == status
    assert timeline(api, number)[-1][:2] == (status, status)
    assert row(api, number).agent_outcome == outcome


def test_who_spoke_with_the_agent_while_another_try_waits_is_spared_it(api: Api) -> None:
    """UCCE took the customer for a machine, and the campaign tries again."""
    number = dialed(api)
    finish(api, number, "scheduled", "machine")

    assert report(api, f"{number}-01", "agent").json["status"] == "cancelled"
    assert row(api, number).open_rank is None
    assert api.world.drift() == []


# --- the agent's next slot -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["importing", "imported", "completed", "failed"])
def test_a_follow_up_is_booked_for_the_next_slot_of_the_same_customer_agent_and_data(api: Api, status: str) -> None:
    """One open callback is allowed: the one that ends is not counted."""
    number = dialed(api, "importing" if status == "importing" else "imported", firstName="Ada",
                    lastName="Lovelace", callData={"customerId": "A-77"}, callId="call-1")  # fmt: skip
    if status in ("completed", "failed"):
        finish(api, number, status, "short_call")

    answer = report(api, f"{number}-01", "agent_unavailable").json

    old, new = row(api, number), row(api, answer["nextAccountNumber"])
    assert (old.status, answer["status"]) == (("failed", "failed") if status == "failed" else ("completed",) * 2)
    assert answer["nextStart"] == "2026-11-23T09:30:00-06:00"
    assert (new.status, new.start_at, new.due_at) == ("scheduled", *[utc(answer["nextStart"])] * 2)
    same = ("phone", "first_name", "last_name", "agent_id", "call_data", "call_id", "skill_id", "campaign_id",
            "pool_id", "source", "api_client_id")  # fmt: skip
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]
    assert (new.follow_up_of, new.agent_outcome, new.attempts) == (number, None, 0)
    assert api.world.drift() == []
    assert timeline(api, number)[-1][2] == (
        f"agent 1042 was not available: called again at 2026-11-23 09:30 by callback {new.account_number}"
    )
    assert timeline(api, new.account_number) == [(None, "scheduled", f"booked as the follow-up of {number}")]
    assert api.get(f"/api/v1/callbacks/{new.account_number}").status_code == 200


def test_the_follow_up_is_counted_by_the_limit_of_open_callbacks(api: Api) -> None:
    number = dialed(api)
    follow_up = report(api, number, "agent_unavailable").json["nextAccountNumber"]

    refused = api.book(phone=row(api, number).phone, start="2026-11-24T10:00")

    assert (code(refused), refused.json["accountNumber"]) == ((409, "duplicate_callback"), follow_up)


def test_the_follow_up_takes_the_rank_of_the_one_that_ends_beside_another(api: Api) -> None:
    api.world.settings(open_callbacks_per_number=2)
    number = "+13125550142"
    api.booked(phone=number, start="2026-11-24T10:00")
    second = dialed(api, phone=number)

    follow_up = report(api, second, "agent_unavailable").json["nextAccountNumber"]

    assert (row(api, second).open_rank, row(api, follow_up).open_rank) == (None, 2)


def test_another_open_callback_of_the_number_is_counted(api: Api) -> None:
    api.world.settings(open_callbacks_per_number=2)
    number = dialed(api)
    api.booked(phone=row(api, number).phone, start="2026-11-24T10:00")
    api.world.settings(open_callbacks_per_number=1)
    before = everything(api)

    refused = report(api, number, "agent_unavailable")

    assert code(refused) == (409, "duplicate_callback")
    assert everything(api)[:4] == before[:4]


def test_the_next_slot_keeps_the_minimum_notice(api: Api) -> None:
    api.world.settings(minimum_notice_minutes=45)  # 09:10 and 45 minutes: from 09:55 on
    number = dialed(api)

    assert report(api, number, "agent_unavailable").json["nextStart"] == "2026-11-23T09:55:00-06:00"


def test_full_slots_are_passed_over(api: Api) -> None:
    for start in ("09:30", "10:00"):
        for _ in range(3):
            api.booked(start=f"2026-11-23T{start}:00-06:00")
    number = dialed(api)

    assert report(api, number, "agent_unavailable").json["nextStart"] == "2026-11-23T10:30:00-06:00"


@pytest.mark.parametrize("status", ["imported", "scheduled"])
def test_the_next_slot_keeps_the_calling_hours_in_the_customers_zone(api: Api, status: str) -> None:
    """Hawaii is four hours behind: 09:30 there is 13:30 in Chicago."""
    api.world.configure(models.Campaign, {"calling_hours_start": "00:00", "calling_hours_end": "24:00"})
    number = dialed(api, timeZone="Pacific/Honolulu", phone="+18085550142")
    if status == "scheduled":
        finish(api, number, "scheduled", "machine")
    api.world.configure(models.Campaign, {"calling_hours_start": "09:30", "calling_hours_end": "21:00"})

    answer = report(api, number, "agent_unavailable").json

    assert answer["nextStart"] == "2026-11-23T13:30:00-06:00"
    assert row(api, answer["nextAccountNumber"]).time_zone == "Pacific/Honolulu"


def test_a_callback_that_waits_for_another_try_is_moved(api: Api) -> None:
    number = dialed(api)
    finish(api, number, "scheduled", "machine")

    answer = report(api, f"{number}-01", "agent_unavailable").json

    assert (answer["status"], answer["nextAccountNumber"], answer["nextStart"]) == (
        "scheduled", number, "2026-11-23T09:30:00-06:00",
    )  # fmt: skip
    assert len(api.world.rows(models.Callback)) == 1
    assert row(api, number).due_at == utc(answer["nextStart"])
    assert timeline(api, number)[-1] == ("scheduled", "scheduled", "agent 1042 was not available")
    assert api.world.drift() == []


@pytest.mark.parametrize("status", ["imported", "scheduled"])
@pytest.mark.parametrize("why", ["no_slot", "do_not_call", "booking_closed", "campaign_not_available"])
def test_a_follow_up_that_no_rule_grants_leaves_the_call_to_the_skill(api: Api, why: str, status: str) -> None:
    number = dialed(api)
    if status == "scheduled":
        finish(api, number, "scheduled", "machine")
    if why == "no_slot":
        api.world.configure(models.DailySchedule, {"capacities": [0] * 48})
    elif why == "do_not_call":
        api.world.add(models.DoNotCall, phone=row(api, number).phone, added_at=NOW)
    elif why == "booking_closed":
        api.world.settings(accept_bookings=False)
    else:
        api.world.configure(models.Campaign, {"enabled": False})
    before = everything(api)

    refused = report(api, number, "agent_unavailable")

    assert code(refused)[1] == why
    assert everything(api) == before
    assert report(api, number, "skill").json["agentOutcome"] == "skill"


@pytest.mark.parametrize("status", ["imported", "scheduled"])
def test_the_slots_of_an_outdated_schedule_are_not_tried_one_by_one(api: Api, status: str) -> None:
    """The script waits for 5 seconds; two weeks have hundreds of slots."""
    number = dialed(api)
    if status == "scheduled":
        finish(api, number, "scheduled", "machine")
    api.availability()  # the snapshot in memory is of this moment, and good for a second to those who only read
    api.world.configure(models.DailySchedule, {"capacities": [0] * 48})

    with watched(api.world.database) as seen:
        assert code(report(api, number, "agent_unavailable")) == (409, "no_slot")

    assert len(seen.kinds) < 30


@pytest.mark.parametrize("removed", [{"erasure_id": 1}, {"phone": "removed", "call_data": {}}])
def test_of_a_person_whose_data_is_removed_no_further_call_is_booked(api: Api, removed: dict[str, Any]) -> None:
    number = dialed(api)
    if "phone" in removed:
        finish(api, number, "completed", "answered")
    with api.world.database.writing() as tx:
        tx.execute(update(models.Callback).values(**removed))
        tx.commit()

    assert code(report(api, number, "agent_unavailable")) == (409, "not_reschedulable")
    assert len(api.world.rows(models.Callback)) == 1


# --- once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["agent", "skill", "agent_unavailable"])
def test_a_repeat_does_nothing_and_gets_the_same_answer(api: Api, outcome: str) -> None:
    number = dialed(api)
    first = report(api, number, outcome).json
    before = everything(api)

    again = [report(api, f"{number}-01", outcome).json, report(api, number, outcome).json]

    assert again == [first, first]
    assert everything(api) == before


@pytest.mark.parametrize("first", ["agent", "skill", "agent_unavailable"])
@pytest.mark.parametrize("then", ["agent", "skill", "agent_unavailable"])
def test_another_end_of_the_same_call_is_refused(api: Api, first: str, then: str) -> None:
    number = dialed(api)
    report(api, number, first)
    before = everything(api)

    answer = report(api, number, then)

    assert code(answer) == (409, "already_reported") if then != first else answer.status_code == 200
    assert everything(api) == before


def test_each_attempt_has_an_end_of_its_own(api: Api) -> None:
    number = dialed(api)
    report(api, f"{number}-01", "skill")
    finish(api, number, "scheduled", "abandoned")
    hand_over(api, number, attempt=2)

    assert report(api, f"{number}-02", "agent").json["agentOutcome"] == "agent"
    assert code(report(api, f"{number}-01", "agent")) == (409, "already_reported")


@pytest.mark.parametrize("outcome", ["agent", "skill", "agent_unavailable"])
def test_reports_at_once_are_one(api: Api, outcome: str) -> None:
    number, clients = dialed(api), 6
    answers: list[Any] = []
    together = threading.Barrier(clients)

    def tell() -> None:
        together.wait()
        answers.append(report(api, number, outcome))

    threads = [threading.Thread(target=tell) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [200] * clients
    assert len({answer.json["nextAccountNumber"] for answer in answers}) == 1
    assert len(timeline(api, number)) == 2, "the booking, and the end"
    assert len(api.world.rows(models.Callback)) == (2 if outcome == "agent_unavailable" else 1)
    assert api.world.drift() == []


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["agent", "skill", "agent_unavailable"])
def test_a_report_before_it_was_dialed_is_refused(api: Api, outcome: str) -> None:
    number = api.booked(agentId="1042")
    before = everything(api)
    for asked in (number, f"{number}-01"):
        assert code(report(api, asked, outcome)) == (409, "not_dialed")
    assert everything(api) == before


def test_a_report_of_an_attempt_that_was_not_made_is_refused(api: Api) -> None:
    number = dialed(api)
    assert [code(report(api, f"{number}-{one}", "agent")) for one in ("00", "02")] == [(409, "not_dialed")] * 2


@pytest.mark.parametrize("status", ["cancelled", "expired"])
def test_what_was_cancelled_or_expired_after_a_try_has_no_call(api: Api, status: str) -> None:
    number = dialed(api)
    finish(api, number, status, "busy")
    assert code(report(api, number, "agent_unavailable")) == (409, "not_dialed")


def test_a_callback_of_no_agent_is_refused(api: Api) -> None:
    number = dialed(api, agentId=None)
    assert code(report(api, number, "skill")) == (409, "not_personal")


@pytest.mark.parametrize("outcome", [None, "", "AGENT", "answered", 1])
def test_an_unknown_outcome_is_a_validation_error(api: Api, outcome: Any) -> None:
    number = dialed(api)
    refused = report(api, number, outcome)
    assert code(refused) == (422, "validation_error")
    assert list(refused.json["errors"]) == ["outcome"]


def test_the_follow_up_of_what_an_agent_booked_is_the_agents_too(gadget_api: Api, finesse: FinesseFake) -> None:
    number = AgentDesk(gadget_api, finesse, "1042").booked(agentId="1042", firstName="Ada")
    gadget_api.now = CALLED
    hand_over(gadget_api, number, "imported")

    answer = report(gadget_api, number, "agent_unavailable").json

    follow_up = row(gadget_api, answer["nextAccountNumber"])
    assert (follow_up.booked_by_agent, follow_up.api_client_id, follow_up.source) == ("1042", None, "gadget")
    assert AgentDesk(gadget_api, finesse, "1043").request("GET", f"/api/v1/callbacks/{number}").status_code == 404
    desk = AgentDesk(gadget_api, finesse, "1042")
    assert desk.request("GET", f"/api/v1/callbacks/{answer['nextAccountNumber']}").json["firstName"] == "Ada"
