"""Error bodies and call results in the forms of other UCCE releases are understood and reach the portal."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from services.dialer_sync.ucce.campaigns import get
from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture

OLDER = json.dumps({"apiError": {"errorDetail": {"error": {"column": "Phone01", "message": "is not in the plan"}}}})


def test_column_and_reason_of_an_older_release_stand_beside_the_callback_that_it_refuses(master: MasterFixture) -> None:
    (due,) = master.add(1)
    master.simulator.control.next_answer(method="POST", kind="import", status=400, body=OLDER)
    master.cycle()
    callback = master.callback(due)
    assert (callback.status, callback.reason) == ("failed", "UCCE refuses the contact: Phone01: is not in the plan")
    assert master.attempts(due)[0].message == callback.reason


def test_field_and_reason_of_an_older_release_stand_beside_the_campaign_that_it_refuses(master: MasterFixture) -> None:
    body = json.dumps({"apiError": [{"errorData": "maxAttempts", "errorMessage": "Too many"}]})
    master.simulator.control.next_answer(method="PUT", status=400, body=body)
    master.configure_campaign(parameters={"noAnswerRingLimit": 7}, version=2)
    master.cycle()
    assert (master.campaign().sync_state, master.campaign().sync_message) == ("error", "maxAttempts: Too many")


def finished_with(master: MasterFixture, due: str, result: str) -> Any:
    """The attempt of a callback whose contact UCCE lists as closed with `result`."""
    master.cycle()
    master.clock.advance(30)
    row = (
        f"<importContact><refURL>/unifiedconfig/config/campaign/1/import/1</refURL><accountNumber>{due}-01"
        f"</accountNumber><callStatus>closed</callStatus><callsMade>1</callsMade>"
        f"<callResultOverall>{result}</callResultOverall></importContact>"
    )
    page = (
        f"<results><pageInfo><totalResults>1</totalResults></pageInfo><importContacts>{row}</importContacts></results>"
    )
    master.simulator.control.next_answer(method="GET", kind="import", body=page, times=0)
    master.cycle()
    master.simulator.control.clear_next_answers()
    return master.attempts(due)[0]


@pytest.mark.parametrize(
    ("result", "status", "outcome", "code", "message"),
    [
        ("10", "completed", "answered", 10, None),
        ("10 (Voice)", "completed", "answered", 10, "UCCE's result: 10 (Voice)"),
        ("9 - Busy", "failed", "busy", 9, "UCCE's result: 9 - Busy"),
        ("Voice", "failed", "other", None, "UCCE's result: Voice"),
        ("77", "failed", "other", 77, None),
    ],
)
def test_a_result_that_is_more_than_a_number_counts_by_its_code_and_keeps_its_text(
    master: MasterFixture, result: str, status: str, outcome: str, code: int | None, message: str | None
) -> None:
    (due,) = master.add(1)
    attempt = finished_with(master, due, result)
    assert (master.callback(due).status, attempt.outcome) == (status, outcome)
    assert (attempt.call_result, attempt.message) == (code, message)
    if outcome == "other":
        assert result in master.callback(due).reason


def test_a_changed_setting_of_a_skill_group_is_no_second_one_where_ucce_adds_what_is_added(
    master: MasterFixture,
) -> None:
    master.simulator.control.behaviour(addedAgain=True)
    with master.world.database.writing() as tx:
        tx.execute(update(models.CampaignSkill).values(overflow_agents=3))
        tx.commit()
    master.configure_campaign(version=2)
    master.cycle()
    found = get(master.context.client, master.campaign().ucce_id)
    groups = [(info["skillGroup"], info["overflowAgents"]) for info in found.fields["skillGroupInfos"]]
    assert groups == [(5004, "3")]
    assert (master.campaign().sync_state, master.campaign().drift) == ("in_sync", None)
