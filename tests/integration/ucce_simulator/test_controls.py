"""Test control: what was received, prepared answers, delays."""

import pytest
import requests

from tests.integration.ucce_simulator.client import Client, error_types, import_xml, messages, row
from tests.support.until import until


def _import(ucce: Client, number: int, account: str = "A-1", timeout: float = 10) -> requests.Response:
    url = f"{ucce.simulator.api}/campaign/{number}/import"
    return ucce.session.post(url, data=import_xml([row(account)]), timeout=timeout)


def test_received_tells_every_request_in_order(ucce: Client) -> None:
    number = ucce.create()
    ucce.load(number, [row("A-1"), row("A-2")])
    ucce.load(number, [row("A-3", "+1")])
    ucce.get(f"/campaign/{number}/import?q=A-1")
    received = ucce.control.received()
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
    assert ucce.control.received(after=sequences[1], method="POST") == [received[2]]
    assert ucce.control.taken() == ["A-1", "A-2"]


def test_a_prepared_error_is_given_once_and_nothing_is_taken(ucce: Client) -> None:
    number = ucce.create()
    ucce.control.next_answer(method="POST", kind="import", status=500, message="Out of order")
    response = _import(ucce, number)
    assert (response.status_code, messages(response)) == (500, ["Out of order"])
    assert _import(ucce, number).status_code == 200
    assert [entry["taken"] for entry in ucce.control.received(kind="import")] == [False, True]


def test_a_prepared_error_may_come_although_the_batch_was_taken(ucce: Client) -> None:
    number = ucce.create()
    ucce.control.next_answer(kind="import", status=500, take=True)
    assert _import(ucce, number).status_code == 500
    assert ucce.control.taken() == ["A-1"]
    (entry,) = ucce.control.received(kind="import")
    assert (entry["taken"], entry["status"]) == (True, 500)


@pytest.mark.parametrize(("when", "taken"), [("before", []), ("after", ["A-1"])])
def test_a_connection_is_reset_before_or_after_the_batch_is_taken(ucce: Client, when: str, taken: list[str]) -> None:
    number = ucce.create()
    ucce.control.next_answer(kind="import", reset=when)
    with pytest.raises(requests.ConnectionError):
        _import(ucce, number)
    assert ucce.control.taken() == taken
    (entry,) = ucce.control.received(kind="import")
    assert (entry["status"], entry["ending"], entry["taken"]) == (None, "reset", bool(taken))


@pytest.mark.parametrize("kind", ["import", "campaign"])
def test_an_answer_is_cut_short(ucce: Client, kind: str) -> None:
    number = ucce.create()
    ucce.control.next_answer(kind=kind, cutShort=True)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _import(ucce, number) if kind == "import" else ucce.get(f"/campaign/{number}")
    assert ucce.control.received(kind=kind)[0]["ending"] == "cut short"


def test_an_answer_has_a_wrong_body(ucce: Client) -> None:
    number = ucce.create()
    ucce.control.next_answer(kind="campaign", body="<campaign><name>")
    response = ucce.get(f"/campaign/{number}")
    assert (response.status_code, response.text) == (200, "<campaign><name>")


@pytest.mark.parametrize("when", ["delayBefore", "delayAfter"])
def test_a_client_that_waits_no_longer_is_taken_all_the_same(ucce: Client, when: str) -> None:
    number = ucce.create()
    ucce.control.next_answer(kind="import", **{when: 1.0})
    with pytest.raises(requests.Timeout):
        _import(ucce, number, timeout=0.3)
    assert ucce.control.taken() == ([] if when == "delayBefore" else ["A-1"])
    assert until(ucce.control.taken) == ["A-1"]


def test_a_standing_delay_holds_every_request(ucce: Client) -> None:
    ucce.control.delay(0.3)
    assert ucce.get("/campaign").elapsed.total_seconds() >= 0.3
    ucce.control.delay(0)
    assert ucce.get("/campaign").elapsed.total_seconds() < 0.3


def test_contacts_are_refused_by_phone_or_account_number(ucce: Client) -> None:
    number = ucce.create()
    ucce.control.next_answer(kind="import", times=0, refusePhones=["99"], refuseAccounts=["B"], message="No good")
    response = ucce.load(number, [row("A-1"), row("A-2", "1299"), row("B-1")])
    assert (response.status_code, messages(response)) == (400, ["Row 2: No good", "Row 3: No good"])
    assert ucce.load(number, [row("A-1")]).status_code == 200
    assert ucce.load(number, [row("A-3", "3199")]).status_code == 400
    ucce.control.clear_next_answers()
    assert ucce.load(number, [row("A-3", "3199")]).status_code == 200


def test_prepared_answers_wait_for_the_requests_they_fit(ucce: Client) -> None:
    number = ucce.create()
    ucce.control.next_answer(method="PUT", status=403)
    ucce.control.next_answer(path=f"/campaign/{number}/import", times=2, status=503)
    assert ucce.get(f"/campaign/{number}").status_code == 200
    assert [_import(ucce, number).status_code for _ in range(3)] == [503, 503, 200]
    assert ucce.update(number, "").status_code == 403


def test_wrong_controls_are_told_what_is_wrong(ucce: Client) -> None:
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
            ucce.control.ask("POST", name, body)
    with pytest.raises(requests.HTTPError, match="next-answers"):
        ucce.control.ask("GET", "nothing")


def test_reset_empties_what_is_named_and_never_reuses_a_number(ucce: Client) -> None:
    number = ucce.create()
    ucce.load(number, [row("A-1")])
    last = ucce.control.received()[-1]["sequence"]
    ucce.control.reset("received", "contacts")
    assert ucce.control.received() == []
    assert ucce.contacts(number) == []
    assert ucce.control.received()[0]["sequence"] > last
    ucce.control.reset()
    assert error_types(ucce.get(f"/campaign/{number}")) == {"": "notFound.dbData"}
    assert ucce.create() > number


def test_skill_groups_are_added_for_references(ucce: Client) -> None:
    ucce.control.skill_group(7001, "Night_Shift")
    number = ucce.create(group=7001)
    assert ucce.campaign(number).findtext("skillGroupInfos/skillGroupInfo/skillGroup/name") == "Night_Shift"
