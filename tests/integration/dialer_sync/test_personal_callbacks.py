"""Personal callbacks between the script's report and UCCE's result: the real master, the simulated UCCE."""

from datetime import timedelta
from typing import Any

import pytest

from shared.callbacks.agent_outcome import ReportedEnd, report
from shared.callbacks.personal import AgentOutcome
from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.test_call_results import dial
from tests.support.configured_database import phone

MACHINE = 12  # a result that is tried again: UCCE took the customer's voice for a machine's


@pytest.fixture
def personal(master: MasterFixture) -> str:
    """A personal callback that is due; the campaign tries twice."""
    master.configure_campaign(max_attempts=2, retry_delays={"machine": 5})
    (account_number,) = master.add_with_places()
    mine = {"agent_id": "1042", "phone": phone(), "api_client_id": master.world.caller.client_id}
    master.world.configure(models.Callback, mine, account_number=account_number)
    return account_number


def reported(master: MasterFixture, account_number: str, outcome: AgentOutcome) -> ReportedEnd:
    world = master.world
    return report(world.database, world.config_cache, f"{account_number}-01", outcome, caller=world.caller,
                  now=master.clock.now)  # fmt: skip


def contacts(master: MasterFixture) -> list[str]:
    """Every contact that UCCE ever took."""
    return sorted(master.simulator.control.taken())


@pytest.mark.parametrize("order", ["the report first", "the result first"])
def test_who_spoke_with_the_agent_is_not_called_again_whatever_ucce_made_of_the_call(
    master: MasterFixture, personal: str, order: str
) -> None:
    master.cycle()
    if order == "the report first":
        reported(master, personal, AgentOutcome.AGENT)
    dial(master, [personal], {personal: MACHINE})
    master.cycle()
    if order == "the result first":
        assert master.callback(personal).status == "scheduled"
        reported(master, personal, AgentOutcome.AGENT)

    master.cycles(1800, step=300)

    assert contacts(master) == [f"{personal}-01"]
    assert master.callback(personal).agent_outcome == "agent"
    assert master.world.drift() == []


@pytest.mark.parametrize("outcome", AgentOutcome)
@pytest.mark.parametrize(
    "answer", [{"status": 500, "take": True}, {"body": "<html>maintenance<br></html>"}], ids=["500", "a proxy's page"]
)
def test_a_call_of_an_import_whose_answer_was_lost_is_reported_and_not_sent_again(
    master: MasterFixture, personal: str, outcome: AgentOutcome, answer: dict[str, Any]
) -> None:
    """The customer is on the line before UCCE's list could be read."""
    master.simulator.control.behaviour(listLagSeconds=3600)
    master.simulator.control.next_answer(kind="import", method="POST", **answer)
    master.cycle()
    assert master.callback(personal).status == "importing"
    reported(master, personal, outcome)
    assert master.attempts(personal)[0].imported_at == master.clock.now

    master.cycles(1200, step=60)

    assert [key for key in contacts(master) if key.startswith(personal)] == [f"{personal}-01"]
    assert master.callback(personal).attempts == 1


def test_a_call_that_went_to_the_skill_proves_that_ucce_took_it_though_its_list_lacks_it(
    master: MasterFixture, personal: str
) -> None:
    master.simulator.control.behaviour(listLagSeconds=3600)
    master.cycle()
    reported(master, personal, AgentOutcome.SKILL)

    master.cycles(1200, step=60)

    assert contacts(master) == [f"{personal}-01"]
    assert (master.callback(personal).status, master.callback(personal).outcome) == ("failed", "result_lost")


def test_the_follow_up_is_handed_over_at_its_own_time_and_once(master: MasterFixture, personal: str) -> None:
    master.cycle()
    end = reported(master, personal, AgentOutcome.AGENT_UNAVAILABLE)
    assert end.next is not None
    follow_up = end.next.account_number
    dial(master, [personal], {personal: MACHINE})
    master.cycle()
    assert contacts(master) == [f"{personal}-01"]

    master.clock.advance((end.next.start - master.clock.now + timedelta(seconds=5)).total_seconds())
    master.cycle()
    dial(master, [follow_up], {follow_up: 10})
    master.cycles(600, step=120)

    assert contacts(master) == sorted([f"{personal}-01", f"{follow_up}-01"])
    assert master.statuses([personal, follow_up]) == ["completed", "completed"]
    assert master.callback(follow_up).agent_id == "1042"


def test_what_waited_for_another_try_is_handed_over_in_the_agents_next_slot(
    master: MasterFixture, personal: str
) -> None:
    master.cycle()
    dial(master, [personal], {personal: MACHINE})
    master.cycle()
    end = reported(master, personal, AgentOutcome.AGENT_UNAVAILABLE)
    assert end.next is not None and end.next.account_number == personal

    master.clock.advance(10 * 60)  # past the delay of the retry
    master.cycle()
    assert contacts(master) == [f"{personal}-01"]
    master.clock.advance((end.next.start - master.clock.now + timedelta(seconds=5)).total_seconds())
    master.cycle()

    assert contacts(master) == [f"{personal}-01", f"{personal}-02"]
