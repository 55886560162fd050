"""Where Cisco's material is silent, the simulator can behave either way."""

import pytest
import requests

from tests.integration.ucce_simulator.client import Client, error_types, row


def _accounts(ucce_client: Client, number: int) -> list[str | None]:
    return [contact.findtext("accountNumber") for contact in ucce_client.contacts(number)]


def test_a_contact_is_listed_only_after_the_lag(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1")])
    ucce_client.control.behaviour(listLagSeconds=20)
    ucce_client.load(number, [row("A-2")])
    assert _accounts(ucce_client, number) == []
    assert ucce_client.get(f"/campaign/{number}/import/1").status_code == 404
    assert "A-1" not in ucce_client.get(f"/campaign/{number}/import/csv").text
    ucce_client.control.dialer(advance=25)
    assert _accounts(ucce_client, number) == ["A-1", "A-2"]
    assert ucce_client.control.taken() == ["A-1", "A-2"]


@pytest.mark.parametrize(
    ("partial", "status", "taken"), [("no", 400, []), ("400", 400, ["A-1"]), ("200", 200, ["A-1"])]
)
def test_the_good_rows_of_a_batch_with_a_bad_one_are_taken_or_not(
    ucce_client: Client, partial: str, status: int, taken: list[str]
) -> None:
    number = ucce_client.create()
    ucce_client.control.behaviour(partialAcceptance=partial)
    answer = ucce_client.load(number, [row("A-1"), row("A-2", "+1")])
    assert (answer.status_code, ucce_client.control.taken()) == (status, taken)
    assert error_types(answer)["Phone01"] == "invalidInput.format"
    ucce_client.control.next_answer(kind="import", refuseAccounts=["A-3"])
    assert ucce_client.load(number, [row("A-3")]).status_code == 400, (
        "a batch without a good row is refused whatever is set"
    )


def test_unknown_behaviour_is_refused_and_a_reset_puts_it_back(ucce_client: Client) -> None:
    for wrong in ({"listLag": 1}, {"partialAcceptance": "some"}):
        with pytest.raises(requests.HTTPError, match="400"):
            ucce_client.control.behaviour(**wrong)
    before = ucce_client.control.behaviour()
    assert ucce_client.control.behaviour(listLagSeconds=5, partialAcceptance="silent") != before
    ucce_client.control.reset("behaviour")
    assert ucce_client.control.behaviour() == before
    assert (before["listLagSeconds"], before["partialAcceptance"]) == (0.0, "no")


@pytest.mark.parametrize(("status", "taken"), [(404, []), (503, [])])
def test_a_bare_answer_is_a_page_without_the_error_body_of_ucce(
    ucce_client: Client, status: int, taken: list[str]
) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(kind="import", status=status, bare=True)
    answer = ucce_client.load(number, [row("A-1")])
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html;charset=UTF-8")
    assert "apiErrors" not in answer.text
    assert ucce_client.control.taken() == taken


@pytest.mark.parametrize("take", [True, False])
def test_a_202_says_nothing_and_may_have_taken_the_batch(ucce_client: Client, take: bool) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(kind="import", status=202, take=take)
    assert ucce_client.load(number, [row("A-1")]).status_code == 202
    assert ucce_client.control.taken() == (["A-1"] if take else [])


def test_records_are_purged_by_account_number_the_finished_ones_or_any(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1"), row("A-2"), row("B-1")])
    assert ucce_client.control.purge() == 0
    assert ucce_client.control.purge("A-1", any=True) == 1
    assert _accounts(ucce_client, number) == ["A-2", "B-1"]
    ucce_client.control.dialer(paused=False, mix={"10": 1}, advance=30)
    ucce_client.control.dialer(advance=30)
    assert ucce_client.control.purge("B") == 1
    assert ucce_client.control.purge() == 1
    assert _accounts(ucce_client, number) == []


def test_a_copied_contact_stands_twice_in_the_list_and_was_taken_once(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1"), row("A-2")])
    assert ucce_client.control.copy("A-1") == 1
    assert _accounts(ucce_client, number) == ["A-1", "A-1", "A-2"]
    assert ucce_client.control.duplicates() == []
    ucce_client.load(number, [row("A-3")])
    assert len(_accounts(ucce_client, number)) == 4
