"""Servers that stop and return, and reloads of HAProxy, while clients send requests."""

import signal
import threading

import requests

from tests.integration.haproxy.conftest import Site
from tests.support.until import until


def test_a_server_that_is_not_ready_gets_nothing_new_and_finishes_what_it_has(site: Site) -> None:
    site.script.behaviours.append("hang")
    slow = threading.Thread(target=lambda: site.ask("POST", "/api/v1/callbacks"))
    slow.start()
    until(lambda: site.received)
    leaving = site.received[0].service

    site.services[leaving].ready = False
    site.balancer.wait_up(booking=1)

    others = {site.who_answers("GET", "/api/v1/availability") for _ in range(6)}
    assert leaving not in others
    assert slow.is_alive()
    site.script.end()
    slow.join(15)
    assert not slow.is_alive()


def test_a_server_that_comes_back_gets_work_with_its_first_good_check(site: Site) -> None:
    site.services["booking-1"].stop()
    site.balancer.wait_up(booking=1)

    site.services["booking-1"].start()

    until(lambda: site.who_answers("GET", "/api/v1/availability") == "booking-1")


def test_an_order_that_hangs_on_a_former_master_is_cut(site: Site) -> None:
    site.script.behaviours.append("hang")
    answers: list[requests.Response] = []
    resignation = threading.Thread(target=lambda: answers.append(site.ask("POST", "/ops/resign")))
    resignation.start()
    until(lambda: site.received)

    site.services["worker-1"].master = False

    resignation.join(5)  # far less than the request limit
    assert [answer.status_code for answer in answers] == [502]


def test_a_reload_refuses_nobody(site: Site) -> None:
    stopped = threading.Event()
    statuses: list[int] = []

    def client() -> None:
        while not stopped.is_set():
            statuses.append(site.ask("GET", "/api/v1/availability").status_code)

    clients = [threading.Thread(target=client) for _ in range(2)]
    for thread in clients:
        thread.start()
    until(lambda: len(statuses) > 20)
    site.balancer.process.kill(signal.SIGUSR2)
    until(lambda: "Former worker" in site.balancer.log(), timeout=20)
    reloaded = len(statuses)
    until(lambda: len(statuses) > reloaded + 20)
    stopped.set()
    for thread in clients:
        thread.join(15)

    assert set(statuses) == {200}
