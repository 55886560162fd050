"""What was answered survives a kill; the start and the end of the process."""

import subprocess
import sys
import threading

import pytest
import requests

from deploy.sandbox.ucce_simulator.handle import ROOT
from tests.integration.ucce_simulator.client import Client, import_xml, row
from tests.support.until import until


def test_what_was_answered_survives_a_kill(own_ucce_client: Client) -> None:
    number = own_ucce_client.create()
    assert own_ucce_client.load(number, [row(f"A-{n:04}") for n in range(5000)]).status_code == 200
    own_ucce_client.simulator.kill()
    own_ucce_client.simulator.start()
    assert len(own_ucce_client.control.taken()) == 5000
    assert own_ucce_client.control.contacts() == {str(number): {"pending": 5000}}
    assert own_ucce_client.campaign(number).findtext("name") == "Sales"
    assert [entry["taken"] for entry in own_ucce_client.control.received(kind="import")] == [True]
    assert own_ucce_client.load(number, [row("B")]).status_code == 200
    assert own_ucce_client.contact(number, "B").findtext("refURL", "").endswith("/import/5001")


def test_a_kill_in_the_middle_of_imports_loses_none_that_was_answered_and_halves_none(own_ucce_client: Client) -> None:
    number = own_ucce_client.create()
    url = f"{own_ucce_client.simulator.api}/campaign/{number}/import"
    answered: list[int] = []

    def load() -> None:
        for batch in range(1000):
            body = import_xml([row(f"{batch:04}-{n:03}") for n in range(200)])
            try:
                if own_ucce_client.session.post(url, data=body, timeout=10).status_code == 200:
                    answered.append(batch)
            except requests.ConnectionError:
                return

    worker = threading.Thread(target=load)
    worker.start()
    until(lambda: len(answered) >= 10)
    own_ucce_client.simulator.kill()
    worker.join(20)
    own_ucce_client.simulator.start()
    accounts = own_ucce_client.control.taken()
    batches = {account[:4] for account in accounts}
    assert {f"{batch:04}" for batch in answered} <= batches
    assert len(accounts) == 200 * len(batches)
    assert len(batches) - len(answered) in (0, 1)


def test_test_control_survives_a_restart_but_prepared_answers_do_not(own_ucce_client: Client) -> None:
    own_ucce_client.control.delay(0.01)
    own_ucce_client.control.results(phones={"42": [9, 10]})
    own_ucce_client.control.dialer(dialSeconds=7, mix={"9": 1}, advance=3600)
    before = own_ucce_client.control.dialer()["now"]
    own_ucce_client.control.next_answer(status=500)
    own_ucce_client.simulator.kill()
    own_ucce_client.simulator.start()
    settings = own_ucce_client.control.dialer()
    assert (settings["dialSeconds"], settings["mix"]) == (7, {"9": 1})
    assert settings["now"] >= before
    assert own_ucce_client.control.ask("GET", "delay") == {"seconds": 0.01}
    assert own_ucce_client.control.ask("GET", "results")["phones"] == {"42": [9, 10]}
    assert own_ucce_client.get("/campaign").status_code == 200


def test_calls_under_way_are_finished_after_a_restart(own_ucce_client: Client) -> None:
    number = own_ucce_client.create()
    own_ucce_client.load(number, [row("A-1")])
    own_ucce_client.control.dialer(paused=False, dialSeconds=1)
    until(lambda: own_ucce_client.contact(number, "A-1").findtext("callStatus") == "active")
    own_ucce_client.simulator.kill()
    own_ucce_client.simulator.start()
    until(lambda: len(own_ucce_client.control.calls("A-1")) == 1)


def test_sigterm_finishes_the_request_at_work_and_ends_cleanly(own_ucce_client: Client) -> None:
    number = own_ucce_client.create()
    own_ucce_client.control.next_answer(kind="import", delayBefore=30)
    answers: list[int] = []
    worker = threading.Thread(target=lambda: answers.append(own_ucce_client.load(number, [row("A-1")]).status_code))
    worker.start()
    until(lambda: own_ucce_client.control.ask("GET", "queue")["taken"] == 1)
    assert own_ucce_client.simulator.stop() == 0
    worker.join(10)
    assert answers == [200]
    own_ucce_client.simulator.start()
    assert own_ucce_client.control.taken() == ["A-1"]


def test_a_restart_keeps_the_certificate_clients_trust(own_ucce_client: Client) -> None:
    before = own_ucce_client.simulator.ca_file.read_bytes()
    own_ucce_client.simulator.restart()
    assert own_ucce_client.simulator.ca_file.read_bytes() == before
    assert own_ucce_client.get("/campaign").status_code == 200
    key = own_ucce_client.simulator.ca_file.with_name("ucce-key.pem")
    assert key.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "CM_UCCE_PASSWORD"),
        (["--password", "x", "--mix", "1:1"], "unknown CallResult"),
        (["--password", "x", "--time-zone", "Mars"], "Mars"),
        (["--password", "x", "--cert", "a.pem"], "belong together"),
    ],
)
def test_wrong_flags_stop_the_start_with_a_reason(arguments: list[str], complaint: str) -> None:
    command = [sys.executable, "-m", "deploy.sandbox.ucce_simulator", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert complaint in done.stderr
