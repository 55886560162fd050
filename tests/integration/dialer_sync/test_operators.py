"""Operators at real workers: brakes, the status, problems in UCCE."""

from collections import Counter
from typing import Any

import pytest

from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.worker_processes import WorkerProcess, WorkerProcesses
from tests.support.booking_api import add_key
from tests.support.until import until


def imported(master: MasterFixture, account_numbers: list[str]) -> bool:
    return master.statuses(account_numbers) == ["imported"] * len(account_numbers)


def test_brakes_are_set_and_shown_and_hold(workers: WorkerProcesses, observer: MasterFixture) -> None:
    worker = workers.start("one")
    until(lambda: worker.status()["lastCycle"], timeout=15)
    answer = worker.ask("/ops/brakes", "POST", json={"handOver": False, "campaign": "Billing_Callback"})
    assert answer.json()["pausedCampaigns"] == ["Billing_Callback"]
    answer = worker.ask("/ops/brakes", "POST", json={"acceptBookings": False, "skill": "BILLING "})
    assert answer.json()["pausedSkills"] == ["Billing"]
    answer = worker.ask("/ops/brakes", "POST", json={"acceptBookings": False, "handOver": False})
    assert (answer.json()["acceptBookings"], answer.json()["handOver"]) == (False, False)
    due = observer.add(1)
    before = worker.status()["lastCycle"]["at"]
    worker.ask("/ops/dispatch-now", "POST")
    until(lambda: worker.status()["lastCycle"]["at"] > before)
    assert observer.statuses(due) == ["scheduled"]
    worker.ask("/ops/brakes", "POST", json={"handOver": True})
    worker.ask("/ops/brakes", "POST", json={"handOver": True, "campaign": "Billing_Callback"})
    until(lambda: imported(observer, due))


def test_each_brake_stands_in_the_audit_log_with_the_key_that_set_it_and_a_refused_one_leaves_nothing(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    worker = workers.start("one")
    worker.http.headers.update({"X-Request-ID": "the-operators", "X-Forwarded-For": "192.0.2.7"})
    worker.ask("/ops/brakes", "POST", json={"acceptBookings": False, "handOver": False})
    worker.ask("/ops/brakes", "POST", json={"acceptBookings": False, "skill": "Billing"})
    worker.ask("/ops/brakes", "POST", json={"handOver": False, "campaign": "Billing_Callback"})
    refused = worker.ask("/ops/brakes", "POST", json={"acceptBookings": True, "handOver": True, "campaign": "Nobody"})
    assert refused.status_code == 404
    rows = observer.world.rows(models.AuditLog, action="brake")
    assert [(row.action, row.resource, row.label, row.before, row.after) for row in rows] == [
        ("brake", "brakes", None, {"accept_bookings": True}, {"accept_bookings": False}),
        ("brake", "brakes", None, {"hand_over": True}, {"hand_over": False}),
        ("brake", "skills", "Billing", {"accept_bookings": True}, {"accept_bookings": False}),
        ("brake", "campaigns", "Billing_Callback", {"hand_over": True}, {"hand_over": False}),
    ]
    assert {(row.who, row.address, row.request_id) for row in rows} == {("client:ops", "192.0.2.7", "the-operators")}
    by_name = {row.name: row.changed_by for row in observer.world.rows(models.Setting)}
    assert (by_name["accept_bookings"], by_name["hand_over"]) == ("client:ops", "client:ops")


def test_operators_see_what_is_wrong_in_the_lists_of_ucce_and_with_a_campaign(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    master = workers.start("one")
    control = observer.simulator.control
    (account_number,) = observer.add(1)
    until(lambda: imported(observer, [account_number]), timeout=20)
    control.copy(account_number)
    problem = until(lambda: master.status()["problem"], timeout=10)
    assert "stands twice in UCCE's list" in problem
    assert "cm_listed_twice_total" in master.ask("/metrics").text
    until(lambda: "stands twice" in ((master.status()["ucce"]["lastError"] or {}).get("message", "")), timeout=10)
    control.next_answer(kind="import", method="POST", status=400, message="Misconfigured.", times=0)
    observer.add(15)
    until(lambda: "it takes no contact" in master.status()["ucce"]["lastError"]["message"], timeout=20)
    # The cycle that found out says what was refused; those that back off from it say why.
    until(lambda: "Billing_Callback: it takes no contact" in master.status()["lastCycle"]["sentence"], timeout=20)
    control.clear_next_answers()


def test_what_operators_call_and_who_has_no_right_to_is_told_in_the_audit_log_and_the_log(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    worker = workers.start("one")
    worker.http.headers.update({"X-Forwarded-For": "192.0.2.7"})
    for _ in range(12):
        worker.status()
    worker.ask("/ops/dispatch-now", "POST")
    for key in ("guessed-secret", add_key(observer.world, "ivr-1", "ivr")):
        worker.http.get(worker.url + "/ops/status", headers={"X-API-Key": key}, timeout=5)
    assert worker.stop() == 0  # which writes the sums
    rows = [row for row in observer.world.rows(models.AuditLog) if row.resource == "ops"]
    assert {row.address for row in rows} == {"192.0.2.7"}
    told = Counter((row.action, row.who, row.label) for row in rows)
    assert told == {
        ("ops_called", "client:ops", "GET /ops/status"): 6,  # five, and the sum
        ("ops_called", "client:ops", "POST /ops/dispatch-now"): 1,
        ("api_key_refused", "unknown", "GET /ops/status"): 1,
        ("forbidden", "client:ivr-1", "GET /ops/status"): 1,
    }
    assert sum((row.after or {}).get("times", 1) for row in rows if row.label == "GET /ops/status") == 14
    lines = [line for line in worker.lines() if line.get("logger") == "security"]
    assert [(line["event"], line["service"]) for line in lines] == [("security_event", "dialer_sync")] * len(rows)
    assert Counter((line["kind"], line["who"], line["label"]) for line in lines) == told
    assert "guessed-secret" not in str(lines) + str(rows)


# Tests with `one_worker` come last: it works on the same UCCE until the module ends.


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "validation_error"),
        ({"handOver": "yes"}, 422, "validation_error"),
        ({"handOver": True, "skill": "Billing"}, 422, "validation_error"),
        ({"acceptBookings": True, "campaign": "Billing_Callback"}, 422, "validation_error"),
        ({"handOver": True, "surprise": 1}, 422, "validation_error"),
        ({"acceptBookings": True, "skill": "Nobody"}, 404, "unknown_skill"),
        ({"handOver": True, "campaign": "Nobody"}, 404, "unknown_campaign"),
        ([1], 422, "validation_error"),
    ],
)
def test_wrong_brakes_are_refused_with_a_problem(one_worker: WorkerProcess, body: Any, status: int, code: str) -> None:
    answer = one_worker.ask("/ops/brakes", "POST", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/ops/status", "/ops/resign", "/ops/dispatch-now", "/ops/brakes"])
def test_operators_need_a_key_with_their_scope(one_worker: WorkerProcess, path: str) -> None:
    method = "GET" if path == "/ops/status" else "POST"
    assert one_worker.http.request(method, one_worker.url + path, timeout=5).status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_who_is_master_can_be_asked_in_every_way_a_balancer_has(one_worker: WorkerProcess, method: str) -> None:
    assert one_worker.http.request(method, one_worker.url + "/health/master", timeout=5).status_code == 200
