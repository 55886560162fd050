"""Service processes as deployed: under load, their log, wrong settings at the start."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text

from deploy.sandbox import ports
from deploy.sandbox.process import ROOT
from deploy.sandbox.servers import PLAIN_ENV
from tests.servers.sources import Server
from tests.support.configured_database import World, phone
from tests.support.gunicorn_nodes import LONG_TIMEOUTS_ON_SERVER, Node, StartNode, soon
from tests.support.until import until

# --- load --------------------------------------------------------------------------------------------


def test_two_nodes_under_load_give_a_slots_last_places_away_once(start_node: StartNode, current_world: World) -> None:
    nodes = [start_node(**LONG_TIMEOUTS_ON_SERVER), start_node(**LONG_TIMEOUTS_ON_SERVER)]
    start = soon()

    def book(number: int) -> int:
        booking_body = {"phone": phone(), "start": start, "skill": "Billing"}
        node = nodes[number % 2]
        answer = requests.post(
            f"{node.url}/api/v1/callbacks", json=booking_body, headers={"X-API-Key": node.key}, timeout=30
        )
        assert answer.status_code in (201, 409), answer.text
        return answer.status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(book, range(48)))

    assert statuses.count(201) == 3
    assert current_world.drift() == []


# --- logs ----------------------------------------------------------------------------------------------------


def test_no_phone_no_key_no_call_data_and_no_query_is_ever_logged(
    start_node: StartNode, current_world: World, own_redis: Server
) -> None:
    node = start_node(own_redis.address, CM_LOG_LEVEL="DEBUG")
    number, secret = "3125550142", "call-data-of-the-caller"
    booking_body: dict[str, Any] = {
        "phone": f"+1{number}",
        "callData": {"pin": secret},
        "firstName": "Ada-Maria",
        "requestId": "key-1",
    }

    account_number = node.book(**booking_body).json()["accountNumber"]
    node.book(**booking_body)
    node.book(**{**booking_body, "requestId": "key-2"})
    node.book(**{**booking_body, "requestId": "key-1", "callId": "other"})
    node.book(**booking_body, colour=secret)
    node.book(phone=f"+1{number}x")
    node.book(callData={secret: 1})
    node.request("GET", f"/api/v1/callbacks?phone={number}")
    node.request("GET", f"/api/v1/callbacks?phone=%2B1{number}&status={secret}")
    node.request("GET", f"/api/v1/callbacks/{number}")
    node.request("GET", f"/api/v1/callbacks/+1{number}")
    node.request("GET", f"/api/v1/callbacks/(312)%20555-0142?pin={secret}")
    node.request("GET", f"/api/v1/nothing/{number}/{account_number}?key={node.key}")
    node.request("POST", f"/api/v1/callbacks/{account_number}/reschedule", json={"start": soon(5)})
    node.request("DELETE", f"/api/v1/callbacks/{account_number}")
    node.request("GET", "/api/v1/availability", key="wrong-key-of-somebody")
    node.request("POST", "/api/v1/callbacks", data=b'{"phone": "' + number.encode())
    own_redis.process.kill()
    node.availability()
    requests.get(f"{node.url}/metrics?phone={number}", timeout=5)
    defects = [unreadable(current_world, node, account_number, secret)]
    if current_world.database.dialect == "sqlite":
        rename(current_world, "callback_event", "callback_event_gone")
        defects.append(node.book(phone="+13125550143", callData={"pin": secret}, firstName="Ada-Maria"))
        rename(current_world, "callback_event_gone", "callback_event")
    node.process.stop()

    assert [defect.status_code for defect in defects] == [500, 503][
        : len(defects)
    ]  # 503: a table may be missing only for a moment
    log = node.log()
    assert '"event": "request"' in log
    assert account_number in log  # so that a callback can be followed
    for private in (
        number,
        "5550142",
        "5550143",
        "555-0142",
        secret,
        "Ada-Maria",
        node.key,
        "wrong-key",
        "phone=",
        "pin=",
    ):
        assert private not in log, private


def rename(world: World, table: str, to: str) -> None:
    with world.database.writing() as tx:
        tx.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")
        tx.commit()


def unreadable(world: World, node: Node, account_number: str, secret: str) -> requests.Response:
    """The answer to a GET of a callback whose row was damaged."""
    with world.database.writing() as tx:
        broken = f'{{"pin": "{secret}'
        tx.execute(text("UPDATE callback SET call_data = :broken"), {"broken": broken})
        tx.commit()
    return node.request("GET", f"/api/v1/callbacks/{account_number}")


def test_every_line_after_the_first_is_json_with_service_and_node(start_node: StartNode) -> None:
    node = start_node(CM_LOG_LEVEL="DEBUG", CM_NODE="node-7")
    node.book()
    node.process.stop()

    lines = [json.loads(line) for line in node.log().splitlines() if "Starting gunicorn" not in line]

    assert {line["node"] for line in lines} == {"node-7"}
    assert {line["service"] for line in lines} == {"gunicorn", "booking_api"}
    (booked,) = [line for line in lines if line["event"] == "request" and line["method"] == "POST"]
    assert (booked["status"], booked["client"], booked["route"]) == (201, "busy-ivr", "/api/v1/callbacks")


def test_in_production_only_the_remarkable_is_logged(start_node: StartNode) -> None:
    node = start_node()
    for _ in range(5):
        node.book()
        node.availability()
        node.request("GET", "/nothing")

    assert '"event": "request"' not in node.log()


# --- starting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "variable", "wrong"),
    [
        ("admin_api", "CM_DATABASE_URL", "somewhere"),
        ("booking_api", "CM_DATABASE_URL", "somewhere"),
        ("booking_api", "CM_DATABASE_URL", "postgresql://localhost/x"),
        ("booking_api", "CM_DATABASE_URL", "sqlite:////proc/nothing/x.db"),
        ("booking_api", "CM_DATABASE_POOL_SIZE", "many"),
        ("booking_api", "CM_DATABASE_TIMEOUT", "0"),
        ("booking_api", "CM_REDIS_URL", "http://localhost"),
        ("booking_api", "CM_REDIS_URL", "redis://localhost:port"),
        ("booking_api", "CM_REDIS_TIMEOUT", "soon"),
        ("booking_api", "CM_LOG_LEVEL", "LOUD"),
        ("booking_api", "CM_LOG_FORMAT", "xml"),
        ("booking_api", "CM_GADGET_ENABLED", "perhaps"),
        ("booking_api", "CM_BODY_LIMIT", "1"),
        ("booking_api", "CM_DRAIN_SECONDS", "-1"),
        ("admin_api", "CM_LDAP_URLS", "https://dc1.corp.example"),
    ],
)
def test_a_wrong_setting_stops_the_process_and_names_the_variable(
    tmp_path: Path, service: str, variable: str, wrong: str
) -> None:
    env = {**PLAIN_ENV, "CM_DATABASE_URL": f"sqlite:///{tmp_path}/x.db", variable: wrong}

    ended = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_settings.py", "--bind",
         f"127.0.0.1:{ports.free_port()}", f"services.{service}.wsgi:create()"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert ended.returncode == 2
    assert variable in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_process_leaves_nothing_in_the_home_directory(start_node: StartNode, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    node = start_node()
    node.availability()

    left = {path.name for path in tmp_path.iterdir()} - before
    assert {name for name in left if not name.startswith(("booking-", "campaign-manager.db"))} == set()


def test_health_is_answered_while_every_thread_is_busy_enough(start_node: StartNode) -> None:
    node = start_node()
    stop = threading.Event()

    def load() -> None:
        with requests.Session() as session:
            while not stop.is_set():
                session.get(
                    f"{node.url}/api/v1/availability?skill=Billing", headers={"X-API-Key": node.key}, timeout=10
                )

    with ThreadPoolExecutor(8) as pool:
        clients = [pool.submit(load) for _ in range(8)]
        until(lambda: node.metric("cm_http_request_seconds_count") > 50)
        try:
            for _ in range(10):
                assert requests.get(f"{node.url}/health/ready", timeout=2).status_code == 200
        finally:
            stop.set()
        for client in clients:
            client.result(15)
