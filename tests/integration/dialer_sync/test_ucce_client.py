"""Imports by the UCCE client: every answer, what it says was taken, and the checks of lease and lock before a call."""

import dataclasses
from typing import Any

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.election.errors import NotMaster
from services.dialer_sync.ucce import campaigns, contact_list
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.contacts import Contact, import_batch
from services.dialer_sync.ucce.errors import NothingTaken, Refused, UcceError, Unknown
from tests.integration.dialer_sync.conftest import settings_for
from tests.integration.dialer_sync.samples import batch, key

# Statuses of a proxy or a web container, which may also come after UCCE has taken the request.
BARE = (400, 401, 403, 404, 503)


def test_a_batch_is_taken_once_in_its_order(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(3, 1, 2))
    assert ucce_simulator.control.taken() == [key(3), key(1), key(2)]
    found = contact_list.find(ucce_client, campaign, [key(1)]).found[key(1)]
    assert (found.call_status, found.call_result, found.calls_made) == ("pending", 0, 0)


def test_names_and_zones_of_any_kind_are_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    odd = ["Per|Ove", "x]]>y", "A\nB", "Пётр", "<b>&", "n" * 80, "", None, " "]
    rows = [Contact(key(n), "93125550142", name, name, None if n % 2 else -780) for n, name in enumerate(odd)]
    import_batch(ucce_client, campaign, rows)
    assert len(ucce_simulator.control.taken()) == len(odd)


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_these_answers_with_the_error_body_of_ucce_say_that_nothing_was_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator, status: int
) -> None:
    ucce_simulator.control.next_answer(method="POST", kind="import", status=status, message="Because.")
    with pytest.raises(NothingTaken, match=rf"{status}: Because\.") as caught:
        import_batch(ucce_client, campaign, batch(1))
    assert (caught.value.taken, caught.value.permanent, caught.value.status) == ("no", False, status)
    assert ucce_simulator.control.taken() == []


def test_a_full_queue_says_that_nothing_was_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    ucce_simulator.control.queue(0)
    with pytest.raises(NothingTaken, match="Request processing queue is at capacity"):
        import_batch(ucce_client, campaign, batch(1))


def test_a_wrong_password_is_explained_and_not_repeated_in_the_message(ucce_simulator: UcceSimulator) -> None:
    wrong = dataclasses.replace(settings_for(ucce_simulator), password="not-the-secret")
    with pytest.raises(UcceError, match="user or password are wrong") as caught:
        campaigns.get(UcceClient(wrong), 5168)
    assert "secret" not in str(caught.value) + repr(wrong)


def test_a_bad_contact_refuses_the_batch_with_reasons(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    with pytest.raises(Refused, match="Phone01: Row 2"):
        import_batch(ucce_client, campaign, [*batch(1), Contact(key(2), "+1312")])
    assert ucce_simulator.control.taken() == []


@pytest.mark.parametrize(
    ("planned", "taken"),
    [
        ({"status": 500}, 0),
        ({"status": 500, "take": True}, 1),
        ({"status": 502}, 0),
        ({"status": 409}, 0),
        ({"status": 202}, 0),
        ({"status": 202, "take": True}, 1),
        ({"status": 204, "take": True}, 1),
        *(({"status": status, "bare": True, "take": bool(take)}, take) for status in BARE for take in (0, 1)),
        ({"status": 200, "bare": True}, 0),
        ({"body": "<import><errorType>PARTIAL_SUCCESS</errorType></import>"}, 1),
        ({"body": "<results><apiErrors><apiError><errorMessage>no</errorMessage></apiError></apiErrors></results>"}, 1),
        ({"reset": "before"}, 0),
        ({"reset": "after"}, 1),
        ({"body": "<importAnswer><ok/></importAnswer>", "cutShort": True}, 1),
        ({"body": "<html>maintenance<br></html>"}, 1),
        ({"status": 200, "body": "<apiErrors><apiError><errorMessage>no</errorMessage></apiError></apiErrors>"}, 0),
        ({"delayAfter": 3}, 1),
        ({"delayBefore": 3}, 0),
    ],
)
def test_any_other_end_is_unknown_whether_or_not_the_batch_was_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator, planned: dict[str, Any], taken: int
) -> None:
    ucce_simulator.control.next_answer(method="POST", kind="import", **planned)
    with pytest.raises(Unknown) as caught:
        import_batch(ucce_client, campaign, batch(1))
    assert (caught.value.taken, caught.value.permanent) == ("unknown", False)
    if not planned.get("delayBefore"):
        assert len(ucce_simulator.control.taken()) == taken
    posts = [request for request in ucce_simulator.control.received(kind="import") if request["method"] == "POST"]
    assert len(posts) == 1, "the client repeated a POST by itself"
    ucce_simulator.control.clear_next_answers()


def test_the_guard_is_asked_before_each_call_and_again_before_the_body(
    campaign: int, ucce_simulator: UcceSimulator
) -> None:
    asked: list[float] = []
    ucce_client = UcceClient(settings_for(ucce_simulator), guard=asked.append)
    campaigns.get(ucce_client, campaign)
    import_batch(ucce_client, campaign, batch(1))
    assert asked == pytest.approx([2.0, 2.0, 1.4])


@pytest.mark.parametrize("refusals", [1, 2])
def test_a_worker_that_is_not_master_sends_no_contact(
    campaign: int, ucce_simulator: UcceSimulator, refusals: int
) -> None:
    asked: list[float] = []

    def guard(seconds: float) -> None:
        asked.append(seconds)
        if len(asked) == refusals:
            raise NotMaster("resigned")

    ucce_client = UcceClient(settings_for(ucce_simulator), guard=guard)
    with pytest.raises(NotMaster):
        import_batch(ucce_client, campaign, batch(1))
    assert ucce_simulator.control.taken() == []
    import_batch(ucce_client, campaign, batch(1))
    assert ucce_simulator.control.taken() == [key(1)]


def test_the_lock_is_confirmed_before_a_body_whatever_the_lease_says_and_not_for_reading(
    campaign: int, ucce_simulator: UcceSimulator
) -> None:
    asked: list[str] = []
    ucce_client = UcceClient(
        settings_for(ucce_simulator), lambda _: asked.append("lease"), confirm=lambda _: asked.append("confirmation")
    )
    campaigns.get(ucce_client, campaign)
    assert asked == ["lease"]
    import_batch(ucce_client, campaign, batch(1))
    assert asked == ["lease", "lease", "confirmation"]


def test_every_call_is_observed_with_its_kind_end_and_time(campaign: int, ucce_simulator: UcceSimulator) -> None:
    seen: list[tuple[str, str]] = []
    ucce_client = UcceClient(settings_for(ucce_simulator), observe=lambda call: seen.append((call.kind, call.outcome)))
    import_batch(ucce_client, campaign, batch(1))
    ucce_simulator.control.next_answer(kind="import", status=503)
    ucce_simulator.control.next_answer(kind="import", reset="before")
    for _ in range(2):
        with pytest.raises(UcceError):
            import_batch(ucce_client, campaign, batch(2))
    assert seen == [("import", "ok"), ("import", "503"), ("import", "unknown")]
