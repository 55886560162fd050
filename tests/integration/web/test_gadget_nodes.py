"""The gadget's sessions on real nodes: good on each of them, and a Finesse that is silent costs IVRs nothing."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from deploy.sandbox.finesse.handle import FinesseFake
from tests.support.booking_api import PASSWORDS, authorization
from tests.support.databases import ON_SERVER
from tests.support.gunicorn_nodes import Node, StartNode, soon
from tests.support.until import until

SESSION = "/api/v1/gadget/session"
# Of an IVR's booking, on a busy machine. If every thread could wait for Finesse, the first ones would wait until both
# nodes have been given up: 3.5 s.
BOOKING_SECONDS = 3.0


@pytest.fixture
def agents(finesse: FinesseFake) -> Iterator[FinesseFake]:
    for agent_id, password in PASSWORDS.items():
        finesse.control.agent(agent_id, password=password)
    yield finesse
    for node in (1, 2):
        finesse.control.node(node, "up")


@pytest.fixture
def start_gadget_node(start_node: StartNode, agents: FinesseFake) -> StartNode:
    settings = {"CM_GADGET_ENABLED": "true", "CM_FINESSE_URLS": ",".join(agents.urls), "CM_LOG_LEVEL": "DEBUG",
                "CM_FINESSE_CA_FILE": str(agents.ca_file)}  # fmt: skip
    return lambda **more: start_node(**settings, **more)


def log_in(node: Node, agent_id: str = "1042", password: str | None = None) -> requests.Response:
    body = {"agentId": agent_id, "authorization": authorization(agent_id, password)}
    return requests.post(f"{node.url}{SESSION}", json=body, timeout=15)


def ask(node: Node, token: str, method: str, path: str, body: object = None) -> requests.Response:
    bearer = {"Authorization": f"Bearer {token}"}
    return requests.request(method, f"{node.url}/api/v1{path}", json=body, headers=bearer, timeout=15)


def test_a_session_is_good_on_both_nodes_and_leaves_no_credential_in_logs_and_files(
    start_gadget_node: StartNode, agents: FinesseFake, tmp_path: Path, database_url: str
) -> None:
    first, second = start_gadget_node(), start_gadget_node()
    token = log_in(first).json()["token"]
    dialog = agents.control.call_in("1042", "3125550142")
    call = {"dialogId": dialog, "authorization": authorization("1042")}
    assert ask(second, token, "PUT", "/gadget/session/call", call).status_code == 200
    body = {"phone": "3125550142", "start": soon(), "skill": "Billing"}
    for node, status in ((second, 201), (first, 409)):
        assert ask(node, token, "POST", "/callbacks", body).status_code == status
    assert log_in(first, password="wrong-password").status_code == 401
    assert ask(second, token, "DELETE", "/gadget/session").status_code == 204
    assert ask(first, token, "GET", "/gadget/skills").status_code == 401
    assert first.metric("cm_finesse_requests_total") == 2.0
    until(lambda: all("gadget/session" in node.log() for node in (first, second)))

    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    if not ON_SERVER:
        database = Path(database_url.removeprefix("sqlite:///"))
        kept += [path for path in database.parent.glob(f"{database.name}*") if path.is_file()]
    contents = b"".join(path.read_bytes() for path in kept)
    secrets = (
        PASSWORDS["1042"],
        authorization("1042"),
        "wrong-password",
        authorization("1042", "wrong-password"),
        token,
    )
    assert [secret for secret in secrets if secret.encode() in contents] == []


def test_a_silent_finesse_does_not_delay_ivrs_and_agents_are_told_to_come_again(
    start_gadget_node: StartNode, agents: FinesseFake
) -> None:
    node = start_gadget_node()
    assert log_in(node).status_code == 200
    for number in (1, 2):
        agents.control.node(number, "hang")
    over = threading.Event()

    def try_to_log_in() -> list[requests.Response]:
        answers = []
        while not over.is_set():
            answers.append(log_in(node))
            over.wait(0.05)  # as desktops that come one after the other
        return answers

    with ThreadPoolExecutor(12) as threads:
        tries = [threads.submit(try_to_log_in) for _ in range(12)]
        try:
            bookings = [_booked(node, hours) for hours in range(3, 23)]
        finally:
            over.set()
        answers = [answer for one in tries for answer in one.result(30)]
    assert [status for status, _ in bookings] == [201] * 20
    assert max(seconds for _, seconds in bookings) < BOOKING_SECONDS
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(503, "finesse_unavailable")}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers)
    for number in (1, 2):
        agents.control.node(number, "up")
    until(lambda: log_in(node).status_code == 200)


def _booked(node: Node, hours: int) -> tuple[int, float]:
    began = time.monotonic()
    answer = node.book(start=soon(hours))
    return answer.status_code, time.monotonic() - began


def test_with_finesse_down_a_node_starts_and_agents_are_told_to_come_again(
    start_gadget_node: StartNode, agents: FinesseFake
) -> None:
    for number in (1, 2):
        agents.control.node(number, "down")
    node = start_gadget_node()
    assert node.ready()[0] == 200
    assert log_in(node).json()["code"] == "finesse_unavailable"
    assert node.book().status_code == 201
