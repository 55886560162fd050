"""Test control: what was received, prepared answers, delays."""

import pytest
import requests

from tests.integration.ucce_simulator.client import Client, error_types, import_xml, messages, row
from tests.support.until import until


def _import(ucce_client: Client, number: int, account: str = "A-1", timeout: float = 10) -> requests.Response:
    url = f"{ucce_client.simulator.api}/campaign/{number}/import"
    return ucce_client.session.post(url, data=import_xml([row(account)]), timeout=timeout)


def test_received_tells_every_request_in_order(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1"), row("A-2")])
    ucce_client.load(number, [row("A-3", "+1")])
    ucce_client.get(f"/campaign/{number}/import?q=A-1")
    received = ucce_client.control.received()
    assert [(entry["method"], entry["kind"], entry["status"]) for entry in received] == [
        ("POST", "campaigns", 201),
        ("POST", "import", 200),
        ("POST", "import", 400),
        ("GET", "import", 200),
    ]
    assert [entry["taken"] for entry in received] == [None, True, False, None]
    assert received[1]["accountNumbers"] == ["A-1", "A-2"]
    assert received[3]["query"] == "q=A-1"
    sequences = [entry["sequence"] for entry in received]
    assert sequences == sorted(set(sequences))
    assert ucce_client.control.received(after=sequences[1], method="POST") == [received[2]]
    assert ucce_client.control.taken() == ["A-1", "A-2"]


def test_a_prepared_error_is_given_once_and_nothing_is_taken(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(method="POST", kind="import", status=500, message="Out of order")
    response = _import(ucce_client, number)
    assert (response.status_code, messages(response)) == (500, ["Out of order"])
    assert _import(ucce_client, number).status_code == 200
    assert [entry["taken"] for entry in ucce_client.control.received(kind="import")] == [False, True]


def test_a_prepared_error_may_come_although_the_batch_was_taken(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(kind="import", status=500, take=True)
    assert _import(ucce_client, number).status_code == 500
    assert ucce_client.control.taken() == ["A-1"]
    (entry,) = ucce_client.control.received(kind="import")
    assert (entry["taken"], entry["status"]) == (True, 500)


@pytest.mark.parametrize(("when", "taken"), [("before", []), ("after", ["A-1"])])
def test_a_connection_is_reset_before_or_after_the_batch_is_taken(
    ucce_client: Client, when: str, taken: list[str]
) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(kind="import", reset=when)
    with pytest.raises(requests.ConnectionError):
        _import(ucce_client, number)
    assert ucce_client.control.taken() == taken
    (entry,) = ucce_client.control.received(kind="import")
    assert (entry["status"], entry["ending"], entry["taken"]) == (None, "reset", bool(taken))


@pytest.mark.parametrize("kind", ["import", "campaign"])
def test_an_answer_is_cut_short(ucce_client: Client, kind: str) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(kind=kind, cutShort=True)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _import(ucce_client, number) if kind == "import" else ucce_client.get(f"/campaign/{number}")
    assert ucce_client.control.received(kind=kind)[0]["ending"] == "cut short"


def test_an_answer_has_a_wrong_body(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(kind="campaign", body="<campaign><name>")
    response = ucce_client.get(f"/campaign/{number}")
    assert (response.status_code, response.text) == (200, "<campaign><name>")


@pytest.mark.parametrize("when", ["delayBefore", "delayAfter"])
def test_a_client_that_waits_no_longer_is_taken_all_the_same(ucce_client: Client, when: str) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(kind="import", **{when: 1.0})
    with pytest.raises(requests.Timeout):
        _import(ucce_client, number, timeout=0.3)
    assert ucce_client.control.taken() == ([] if when == "delayBefore" else ["A-1"])
    assert until(ucce_client.control.taken) == ["A-1"]


def test_a_standing_delay_holds_every_request(ucce_client: Client) -> None:
    ucce_client.control.delay(0.3)
    assert ucce_client.get("/campaign").elapsed.total_seconds() >= 0.3
    ucce_client.control.delay(0)
    assert ucce_client.get("/campaign").elapsed.total_seconds() < 0.3


def test_contacts_are_refused_by_phone_or_account_number(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(
        kind="import", times=0, refusePhones=["99"], refuseAccounts=["B"], message="No good"
    )
    response = ucce_client.load(number, [row("A-1"), row("A-2", "1299"), row("B-1")])
    assert (response.status_code, messages(response)) == (400, ["Row 2: No good", "Row 3: No good"])
    assert ucce_client.load(number, [row("A-1")]).status_code == 200
    assert ucce_client.load(number, [row("A-3", "3199")]).status_code == 400
    ucce_client.control.clear_next_answers()
    assert ucce_client.load(number, [row("A-3", "3199")]).status_code == 200


def test_prepared_answers_wait_for_the_requests_they_fit(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(method="PUT", status=403)
    ucce_client.control.next_answer(path=f"/campaign/{number}/import", times=2, status=503)
    assert ucce_client.get(f"/campaign/{number}").status_code == 200
    assert [_import(ucce_client, number).status_code for _ in range(3)] == [503, 503, 200]
    assert ucce_client.update(number, "").status_code == 403


def test_wrong_controls_are_told_what_is_wrong(ucce_client: Client) -> None:
    for name, body in [
        ("next-answers", {"staus": 500}),
        ("next-answers", {"reset": "later"}),
        ("next-answers", {"times": "two"}),
        ("dialer", {"dialSeconds": "long"}),
        ("results", {"phones": {"1": 99}}),
        ("dialer", {"mix": {"1": 1}}),
        ("dialer", {"fast": True}),
        ("reset", {"parts": ["everything"]}),
        ("delay", {}),
    ]:
        with pytest.raises(requests.HTTPError, match="400"):
            ucce_client.control.ask("POST", name, body)
    with pytest.raises(requests.HTTPError, match="next-answers"):
        ucce_client.control.ask("GET", "nothing")


def test_reset_empties_what_is_named_and_never_reuses_a_number(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1")])
    last = ucce_client.control.received()[-1]["sequence"]
    ucce_client.control.reset("received", "contacts")
    assert ucce_client.control.received() == []
    assert ucce_client.contacts(number) == []
    assert ucce_client.control.received()[0]["sequence"] > last
    ucce_client.control.reset()
    assert error_types(ucce_client.get(f"/campaign/{number}")) == {"": "notFound.dbData"}
    assert ucce_client.create() > number


def test_skill_groups_are_added_for_references(ucce_client: Client) -> None:
    ucce_client.control.skill_group(7001, "Night_Shift")
    number = ucce_client.create(group=7001)
    assert ucce_client.campaign(number).findtext("skillGroupInfos/skillGroupInfo/skillGroup/name") == "Night_Shift"
