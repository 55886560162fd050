"""Each request has a deadline; a booking that cannot end by then is refused before it takes a place."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import requests
from sqlalchemy.engine import make_url

from shared.db import models
from tests.integration.web.test_broken_database import database_file, locked, proxy, turn_held, writes
from tests.support.configured_database import World, phone
from tests.support.databases import sqlite_only
from tests.support.gunicorn_nodes import Node, StartNode, soon
from tests.support.proxy import Proxy
from tests.support.until import until

__all__ = ["database_file", "proxy"]  # fixtures

DEADLINE, LATE = 4.0, 0.3  # seconds; the first is the default

pytestmark = pytest.mark.timeout(120)


def timed(node: Node, method: str, path: str, body: dict[str, str] | None) -> tuple[requests.Response, float]:
    began = time.monotonic()
    response = requests.request(method, node.url + path, json=body, headers={"X-API-Key": node.key}, timeout=30)
    return response, time.monotonic() - began


@sqlite_only
@pytest.mark.parametrize("hold", [locked, turn_held])
def test_a_write_that_does_not_get_its_turn_is_refused_by_the_deadline(
    start_node: StartNode,
    current_world: World,
    database_file: Path,
    hold: Callable[[Path], AbstractContextManager[None]],
) -> None:
    node = start_node(CM_BOOKING_DEADLINE="0.6")
    booked = str(node.book().json()["accountNumber"])
    with hold(database_file), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda call: timed(node, *call), writes(booked)))

    assert {response.status_code for response, _ in answers} == {503}
    assert max(took for _, took in answers) < 0.6 + LATE
    assert [row.account_number for row in current_world.rows(models.Callback)] == [booked]
    assert current_world.drift() == []


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.4, 1.0])
def test_by_a_slow_server_nobody_is_answered_late_or_booked_without_being_told(
    start_node: StartNode, database_url: str, current_world: World, proxy: Proxy, delay: float
) -> None:
    url = make_url(database_url).set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    node = start_node(CM_DATABASE_URL=url, CM_DATABASE_TIMEOUT="", CM_BOOKING_DEADLINE=str(DEADLINE))
    until(lambda: node.book().status_code == 201, timeout=20)  # its connections are open
    proxy.slow_down(delay)
    told: dict[str, int] = {}
    for hours in range(4, 8):
        body = {"phone": phone(), "start": soon(hours), "skill": "Billing", "requestId": f"key-{hours}"}
        response, took = timed(node, "POST", "/api/v1/callbacks", body)
        print(f"{delay} s on each answer: {response.status_code} after {took:.2f} s")
        assert took < DEADLINE + LATE, f"{response.status_code} after {took:.2f} s"
        assert response.status_code in (201, 503)
        told[body["phone"]] = response.status_code

    proxy.slow_down(0)
    booked = {row.phone for row in current_world.rows(models.Callback)}
    for number, status in told.items():
        assert (number in booked) == (status == 201)
    assert delay > 0.1 or set(told.values()) == {201}
    assert current_world.drift() == []
