"""A service process that stops cuts off no request and loses nothing that it acknowledged."""

import json
import re
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import requests

from shared.db import models
from tests.support.configured_database import World, phone
from tests.support.gunicorn_nodes import Node, StartNode, soon
from tests.support.until import until


def test_a_node_that_is_told_to_stop_serves_until_the_balancer_has_noticed(start_node: StartNode) -> None:
    node = start_node(CM_DRAIN_SECONDS="1.5")
    assert node.ready() == (200, None)

    told = time.monotonic()
    node.process.ask_to_stop()
    until(lambda: node.ready() == (503, "stopping"), timeout=1)
    assert node.book().status_code == 201
    until(lambda: connection_refused(node), timeout=8)

    assert time.monotonic() - told >= 1.5
    assert node.process.wait_stopped()
    assert node.process.succeeded


def connection_refused(node: Node) -> bool:
    try:
        socket.create_connection(("127.0.0.1", node.port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_booking_in_flight_is_finished(start_node: StartNode, current_world: World) -> None:
    node = start_node()
    body = json.dumps({"phone": phone(), "start": soon(), "skill": "Billing"}).encode()
    with socket.create_connection(("127.0.0.1", node.port), timeout=10) as connection:
        connection.sendall(node.head("POST", "/api/v1/callbacks", len(body)) + body[:10])
        until(lambda: node.availability().status_code == 200)
        node.session.close()

        node.process.ask_to_stop()
        until(lambda: connection_refused(node), timeout=5)
        connection.sendall(body[10:])

        assert connection.recv(65536).startswith(b"HTTP/1.1 201 ")
    assert node.process.wait_stopped()
    assert len(current_world.rows(models.Callback)) == 1


def test_no_booking_is_cut_off_while_a_node_stops(start_node: StartNode, current_world: World) -> None:
    """Clients open a connection for each booking until one is refused: every accepted connection gets an answer."""
    current_world.configure(models.DailySchedule, {"capacities": [5000] * 48}, id=current_world.daily_id)
    node = start_node(CM_DRAIN_SECONDS="0.5")

    def book_until_refused(_: int) -> int:
        booked = 0
        while True:
            booking_body = {"phone": phone(), "start": soon(), "skill": "Billing"}
            try:
                answer = requests.post(
                    f"{node.url}/api/v1/callbacks", json=booking_body, headers={"X-API-Key": node.key}, timeout=15
                )
            except requests.ConnectionError as error:
                if "refused" in str(error):
                    return booked
                raise
            assert answer.status_code == 201, answer.text
            booked += 1

    with ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(book_until_refused, number) for number in range(4)]
        until(lambda: len(current_world.rows(models.Callback)) > 20)
        node.process.ask_to_stop()
        booked = sum(client.result(30) for client in clients)

    assert node.process.wait_stopped()
    assert len(current_world.rows(models.Callback)) == booked
    assert current_world.drift() == []


def test_a_second_sigterm_does_not_cut_the_first_short(start_node: StartNode) -> None:
    node = start_node(CM_DRAIN_SECONDS="2")
    node.session.close()

    told = time.monotonic()
    node.process.kill(signal.SIGTERM)
    until(lambda: node.ready()[1] == "stopping", timeout=1)
    worker = int(re.findall(r"Booting worker with pid: (\d+)", node.log())[0])
    subprocess.run(["kill", "-TERM", str(worker)], check=True)
    until(lambda: connection_refused(node), timeout=8)

    assert time.monotonic() - told >= 2


def test_the_questions_of_the_last_moment_are_written(start_node: StartNode, current_world: World) -> None:
    node = start_node()
    for _ in range(5):
        node.availability()

    node.process.stop()

    assert [row.outcome for row in current_world.rows(models.CallbackRequest)] == ["asked"] * 5


def test_a_killed_node_has_lost_no_booking_it_acknowledged(start_node: StartNode, current_world: World) -> None:
    node = start_node()
    booked = [node.book().json()["accountNumber"] for _ in range(3)]

    node.process.kill()

    assert sorted(row.account_number for row in current_world.rows(models.Callback)) == sorted(booked)
