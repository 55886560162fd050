"""The Finesse fake answers as Cisco documents it: own objects only, by Basic or Bearer, on the nodes that are up."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import requests

from deploy.sandbox.finesse.handle import FinesseFake

pytestmark = pytest.mark.integration

OWN = ("1042", "a password")


@pytest.fixture(scope="module")
def finesse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinesseFake]:
    with FinesseFake(tmp_path_factory.mktemp("finesse")) as running:
        running.control.agents(
            [
                {"id": "1042", "password": "a password", "firstName": "Ada", "lastName": "Byron", "extension": "3001"},
                {"id": "1043", "password": "another"},
            ]
        )
        yield running


def ask(
    finesse: FinesseFake, path: str, auth: tuple[str, str] | None = OWN, node: int = 1, token: str = ""
) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(
        f"{finesse.urls[node - 1]}/finesse/api{path}",
        auth=None if token else auth,
        headers=headers,
        verify=str(finesse.ca_file),
        timeout=3,
    )


def _parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - the fake's own


def test_an_agent_gets_the_own_user_and_nobody_elses(finesse: FinesseFake) -> None:
    user = _parsed(ask(finesse, "/User/1042").text)
    assert [user.findtext(name) for name in ("loginId", "firstName", "lastName", "extension")] == [
        "1042", "Ada", "Byron", "3001",
    ]  # fmt: skip
    refused = [ask(finesse, "/User/1043"), ask(finesse, "/User/1042", None), ask(finesse, "/User/1042", ("1042", "x"))]
    assert [answer.status_code for answer in refused] == [401, 401, 401]
    assert "Invalid Authorization User Specified" in refused[0].text
    assert "Authorization Failure" in refused[1].text


def test_a_call_of_the_dialer_names_the_customer_as_its_to_address(finesse: FinesseFake) -> None:
    key = "01JZ0000000000000000000000-01"
    dialog_id = finesse.control.dialer_call("1042", "13125550142", BAAccountNumber=key)
    dialog = _parsed(ask(finesse, f"/Dialog/{dialog_id}").text)
    assert dialog.findtext("fromAddress") == "3001"
    assert dialog.findtext("toAddress") == "13125550142"
    assert dialog.findtext(".//CallVariable[name='BAAccountNumber']/value") == key
    assert ask(finesse, f"/Dialog/{dialog_id}", ("1043", "another")).status_code == 401
    listed = _parsed(ask(finesse, "/User/1042/Dialogs").text)
    assert dialog_id in [one.findtext("id") for one in listed]
    finesse.control.end(dialog_id)
    assert ask(finesse, f"/Dialog/{dialog_id}").status_code == 404


def test_a_token_is_refused_once_it_has_expired(finesse: FinesseFake) -> None:
    token = finesse.control.new_token("1042")
    assert ask(finesse, "/User/1042", token=token).status_code == 200
    finesse.control.expire_token("1042")
    assert ask(finesse, "/User/1042", token=token).status_code == 401


def test_a_node_that_fails_leaves_the_other_one_answering(finesse: FinesseFake) -> None:
    try:
        finesse.control.node(1, "down")
        with pytest.raises(requests.ConnectionError):
            ask(finesse, "/User/1042")
        finesse.control.node(1, "unavailable")
        assert ask(finesse, "/User/1042").status_code == 503
        finesse.control.node(1, "hang")
        with pytest.raises(requests.Timeout):
            ask(finesse, "/User/1042")
        assert ask(finesse, "/User/1042", node=2).status_code == 200
    finally:
        finesse.control.node(1, "up")


def test_the_journal_tells_who_asked_and_holds_no_credential(finesse: FinesseFake) -> None:
    ask(finesse, "/User/1042")
    journal = finesse.control.requests()
    assert (journal[-1]["path"], journal[-1]["agent"], journal[-1]["auth"]) == (
        "/finesse/api/User/1042",
        "1042",
        "Basic",
    )
    assert "a password" not in str(journal)
