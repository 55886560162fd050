"""A status code alone proves nothing: only UCCE's own error body, or its whole list, proves what it took."""

from typing import Any

import pytest

from tests.integration.dialer_sync.master_fixture import MasterFixture

BARE_404 = {"status": 404, "bare": True}
OWN_404 = {"status": 404, "errorType": "notFound.dbData", "message": "No such thing."}


def _lists_answer(master: MasterFixture, answer: dict[str, Any]) -> None:
    master.simulator.control.next_answer(kind="import", method="GET", times=0, **answer)


@pytest.mark.parametrize("answer", [BARE_404, OWN_404])
def test_a_404_of_a_list_whose_campaign_is_there_fails_no_callback(
    master: MasterFixture, answer: dict[str, Any]
) -> None:
    due = master.add(20)
    master.cycle()
    master.clock.advance(3 * 3600)
    _lists_answer(master, answer)
    for _ in range(3):
        master.cycle()
        master.clock.advance(120)
    assert set(master.statuses(due)) == {"imported"}
    assert "404" in (master.context.backoff("results", master.world.campaign_id).reason or "")
    master.simulator.control.clear_next_answers()


@pytest.mark.parametrize("answer", [BARE_404, OWN_404])
def test_a_404_of_the_list_while_an_import_is_unsettled_sends_nothing_twice(
    master: MasterFixture, answer: dict[str, Any]
) -> None:
    due = master.add(5)
    master.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
    _lists_answer(master, answer)
    for _ in range(6):
        master.cycle()
        master.clock.advance(60)
    assert set(master.statuses(due)) == {"importing"}
    master.simulator.control.clear_next_answers()
    master.cycle()
    assert set(master.statuses(due)) == {"imported"}
    assert master.simulator.control.duplicates() == []


@pytest.mark.parametrize("status", [202, 400, 401, 403, 404, 503])
@pytest.mark.parametrize("take", [True, False])
def test_an_answer_without_the_error_body_of_ucce_is_settled_by_its_list(
    master: MasterFixture, status: int, take: bool
) -> None:
    due = master.add(3)
    master.simulator.control.next_answer(kind="import", method="POST", status=status, bare=True, take=take)
    master.cycle()
    assert not take or len(master.posts()) == 1
    master.clock.advance(5)
    master.cycle()
    assert set(master.statuses(due)) == {"imported" if take else "importing"}
    master.cycles(180)
    assert set(master.statuses(due)) == {"imported"}
    assert sorted(master.simulator.control.taken()) == [f"{one}-01" for one in due]


def test_a_campaign_is_forgotten_only_when_the_list_of_campaigns_is_read_and_lacks_it(master: MasterFixture) -> None:
    due = master.add(2)
    ucce_id = master.campaign().ucce_id
    control = master.simulator.control
    control.next_answer(kind="import", method="POST", times=0, **OWN_404)
    control.next_answer(kind="campaigns", method="GET", status=503, bare=True)
    master.cycle()
    assert master.campaign().ucce_id == ucce_id, "its list could not be read"
    master.clock.advance(5)
    master.cycle()
    assert master.campaign().ucce_id == ucce_id, "its list has the campaign"
    control.clear_next_answers()
    master.clock.advance(60)
    assert master.cycle() == "handed over 2"
    assert set(master.statuses(due)) == {"imported"}


def test_a_wrong_password_is_tried_with_a_read_and_leaves_no_further_contact_in_doubt(master: MasterFixture) -> None:
    master.settings["batch_size"] = 5
    master.renew()
    due = master.add(20)
    master.simulator.control.next_answer(kind="import", status=401, bare=True)  # it ends between a look and an import
    master.cycle()
    master.simulator.control.next_answer(status=401, bare=True, times=0)
    for _ in range(4):
        master.clock.advance(60)
        master.cycle()
    master.clock.advance(60)
    assert len(master.posts()) == 1
    assert master.statuses(due) == ["importing"] * 5 + ["scheduled"] * 15
    master.simulator.control.clear_next_answers()
    master.cycle()
    assert master.statuses(due) == ["importing"] * 5 + ["imported"] * 15, "the grace time ran while UCCE did not answer"
    master.cycles(135)
    assert set(master.statuses(due)) == {"imported"}
    assert master.simulator.control.duplicates() == []


def test_a_drifting_look_that_meets_a_bare_404_keeps_the_campaign(master: MasterFixture) -> None:
    ucce_id = master.campaign().ucce_id
    for answer in (BARE_404, OWN_404):
        master.clock.advance(301)
        master.simulator.control.next_answer(kind="campaign", method="GET", **answer)
        master.cycle()
        assert master.campaign().ucce_id == ucce_id
