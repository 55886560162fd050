"""A status code alone proves nothing: only UCCE's own error body, or its own list read whole, does."""

from typing import Any

import pytest

from tests.integration.dialer_sync.master_fixture import Desk

BARE_404 = {"status": 404, "bare": True}
OWN_404 = {"status": 404, "errorType": "notFound.dbData", "message": "No such thing."}


def _lists_answer(desk: Desk, answer: dict[str, Any]) -> None:
    desk.simulator.control.next_answer(kind="import", method="GET", times=0, **answer)


@pytest.mark.parametrize("answer", [BARE_404, OWN_404])
def test_a_404_of_a_list_whose_campaign_is_there_fails_no_callback(desk: Desk, answer: dict[str, Any]) -> None:
    due = desk.add(20)
    desk.cycle()
    desk.clock.advance(3 * 3600)
    _lists_answer(desk, answer)
    for _ in range(3):
        desk.cycle()
        desk.clock.advance(120)
    assert set(desk.statuses(due)) == {"imported"}
    assert "404" in (desk.context.backoff("results", desk.world.campaign_id).reason or "")
    desk.simulator.control.clear_next_answers()


@pytest.mark.parametrize("answer", [BARE_404, OWN_404])
def test_a_404_of_the_list_while_an_import_is_unsettled_sends_nothing_twice(desk: Desk, answer: dict[str, Any]) -> None:
    due = desk.add(5)
    desk.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
    _lists_answer(desk, answer)
    for _ in range(6):
        desk.cycle()
        desk.clock.advance(60)
    assert set(desk.statuses(due)) == {"importing"}
    desk.simulator.control.clear_next_answers()
    desk.cycle()
    assert set(desk.statuses(due)) == {"imported"}
    assert desk.simulator.control.duplicates() == []


@pytest.mark.parametrize("status", [202, 400, 401, 403, 404, 503])
@pytest.mark.parametrize("take", [True, False])
def test_an_answer_without_uccess_own_words_is_settled_by_its_list(desk: Desk, status: int, take: bool) -> None:
    due = desk.add(3)
    desk.simulator.control.next_answer(kind="import", method="POST", status=status, bare=True, take=take)
    desk.cycle()
    assert not take or len(desk.posts()) == 1
    desk.clock.advance(5)
    desk.cycle()
    assert set(desk.statuses(due)) == {"imported" if take else "importing"}
    desk.cycles(180)
    assert set(desk.statuses(due)) == {"imported"}
    assert sorted(desk.simulator.control.taken()) == [f"{one}-01" for one in due]


def test_a_campaign_is_forgotten_only_when_the_list_of_campaigns_is_read_and_lacks_it(desk: Desk) -> None:
    due = desk.add(2)
    ucce_id = desk.campaign().ucce_id
    control = desk.simulator.control
    control.next_answer(kind="import", method="POST", times=0, **OWN_404)
    control.next_answer(kind="campaigns", method="GET", status=503, bare=True)
    desk.cycle()
    assert desk.campaign().ucce_id == ucce_id, "its list could not be read"
    desk.clock.advance(5)
    desk.cycle()
    assert desk.campaign().ucce_id == ucce_id, "its list has the campaign"
    control.clear_next_answers()
    desk.clock.advance(60)
    assert desk.cycle() == "handed over 2"
    assert set(desk.statuses(due)) == {"imported"}


def test_a_wrong_password_is_tried_with_a_read_and_leaves_no_further_contact_in_doubt(desk: Desk) -> None:
    desk.settings["batch_size"] = 5
    desk.renew()
    due = desk.add(20)
    desk.simulator.control.next_answer(kind="import", status=401, bare=True)  # it ends between a look and an import
    desk.cycle()
    desk.simulator.control.next_answer(status=401, bare=True, times=0)
    for _ in range(4):
        desk.clock.advance(60)
        desk.cycle()
    desk.clock.advance(60)
    assert len(desk.posts()) == 1
    assert desk.statuses(due) == ["importing"] * 5 + ["scheduled"] * 15
    desk.simulator.control.clear_next_answers()
    desk.cycle()
    assert desk.statuses(due) == ["importing"] * 5 + ["imported"] * 15, "the grace time ran while UCCE did not answer"
    desk.cycles(135)
    assert set(desk.statuses(due)) == {"imported"}
    assert desk.simulator.control.duplicates() == []


def test_a_drifting_look_that_meets_a_bare_404_keeps_the_campaign(desk: Desk) -> None:
    ucce_id = desk.campaign().ucce_id
    for answer in (BARE_404, OWN_404):
        desk.clock.advance(301)
        desk.simulator.control.next_answer(kind="campaign", method="GET", **answer)
        desk.cycle()
        assert desk.campaign().ucce_id == ucce_id
