"""`make lab` against the simulator: it detects every switch, reports no secrets, and removes all that it made."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.lab.campaign import GOOD_NUMBER, Campaign
from deploy.lab.questions import QUESTIONS, UNDER_LOAD, ask_all
from deploy.lab.wire import Wire
from deploy.sandbox.ucce_simulator.behaviour import SWITCHES
from deploy.sandbox.ucce_simulator.handle import ROOT, UcceSimulator
from tests.support.until import until

pytestmark = pytest.mark.long

SKILL_GROUP = 5010


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UcceSimulator]:
    with UcceSimulator(tmp_path_factory.mktemp("ucce")) as process:
        yield process


@pytest.fixture
def lab_campaign(simulator: UcceSimulator) -> Iterator[Campaign]:
    simulator.control.reset()
    simulator.control.queue(30)
    wire = Wire(simulator.url, simulator.user, simulator.password, str(simulator.ca_file))
    made = Campaign(wire, SKILL_GROUP, "8800199")
    yield made
    assert made.remove_all() == []
    assert made.find(made.name) is None
    assert simulator.control.contacts() == {}


@pytest.mark.parametrize(
    ("question", "switches", "answer"),
    [
        ("who may create", {}, "a create answers 201"),
        ("who may create", {"createAnswer": "200"}, "a create answers 200"),
        ("who may create", {"createAnswer": "202"}, "a create answers 202"),
        ("time zone", {}, "may be left out"),
        ("time zone", {"timeZone": "required"}, "required"),
        ("list lag", {}, "an import answers 200"),
        ("list lag", {"importAnswer": "202"}, "an import answers 202"),
        ("partial import", {}, "400 (apiErrors as XML); kept: none"),
        (
            "partial import",
            {"partialAcceptance": "400"},
            "400 (apiErrors as XML); kept: the row before, the row behind",
        ),
        (
            "partial import",
            {"partialAcceptance": "200"},
            "200 (PARTIAL_SUCCESS in its body); kept: the row before, the",
        ),
        (
            "partial import",
            {"partialAcceptance": "silent"},
            "200 (an empty body); kept: the row before, the row behind",
        ),
        ("partial import", {"errorBodies": "json"}, "400 (JSON)"),
        ("partial import", {"errorBodies": "older"}, "400 (apiError as XML)"),
        ("duplicate key", {}, "200, then it stands 2 times"),
        ("duplicate key", {"duplicateKeys": "refused"}, "400, then it stands 1 times"),
        ("duplicate key", {"duplicateKeys": "ignored"}, "200, then it stands 1 times"),
        ("stale changeStamp", {}, "409"),
        ("stale changeStamp", {"staleChangeStamp": "400"}, "400"),
        ("update of one field", {}, "the others are kept"),
        ("skillGroupInfosAdded", {}, "it stands 1 times"),
        ("skillGroupInfosAdded", {"addedAgain": True}, "it stands 2 times"),
        ("JSON", {}, "not read as JSON; an import as JSON answers 415"),
        ("JSON", {"json": "spoken"}, "read as JSON; an import as JSON answers 200"),
        ("importDate", {}, "+0 minutes from UTC"),
        ("pages", {}, "a page of 100 holds 60 of 60, in the order"),
        ("pages", {"pageCap": 25}, "a page of 100 holds 25 of 60, in the order"),
        ("queue limit", {}, "of 40 imports at once"),
    ],
)
def test_each_switch_is_found_out(
    simulator: UcceSimulator, lab_campaign: Campaign, question: str, switches: dict[str, Any], answer: str
) -> None:
    simulator.control.behaviour(**switches)
    asked = {"who may create": QUESTIONS["who may create"], question: (QUESTIONS | UNDER_LOAD)[question]}
    facts = {fact.question: fact for fact in ask_all(lab_campaign, asked)}
    assert answer in facts[question].answer
    assert facts[question].calls


def test_a_lag_of_the_list_becomes_settings(simulator: UcceSimulator, lab_campaign: Campaign) -> None:
    simulator.control.behaviour(listLagSeconds=100)
    simulator.control.dialer(speed=10)
    asked = {name: QUESTIONS[name] for name in ("who may create", "list lag")}
    fact = list(ask_all(lab_campaign, asked))[-1]
    lag = int(fact.settings["CM_UCCE_LIST_LAG"])
    assert lag >= 30
    assert int(fact.settings["CM_UCCE_SETTLE_GRACE"]) > lag + 30 + 20
    simulator.control.dialer(speed=1)


def _start(simulator: UcceSimulator, report: Path) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CM_")} | {
        "CM_UCCE_URL": simulator.url, "CM_UCCE_USER": simulator.user, "CM_UCCE_PASSWORD": simulator.password,
        "CM_UCCE_CA_FILE": str(simulator.ca_file),
    }  # fmt: skip
    # As a shell starts what it puts in the background.
    command = [
        "sh",
        "-c",
        "trap '' INT; exec \"$@\"",
        "sh",
        sys.executable,
        "-m",
        "deploy.lab",
        "--skill-group",
        str(SKILL_GROUP),
        "--json",
        str(report),
        "--longest-lag",
        "5",
    ]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_the_report_has_facts_settings_and_evidence_and_nothing_secret(
    simulator: UcceSimulator, tmp_path: Path
) -> None:
    simulator.control.reset()
    process = _start(simulator, tmp_path / "lab.json")
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "CM_UCCE_LIST_LAG=" in told
    text = (tmp_path / "lab.json").read_text(encoding="utf-8")
    report = json.loads(text)
    assert [fact["question"] for fact in report["facts"]] == list(QUESTIONS)
    assert report["leftBehind"] == []
    for secret in (simulator.password, GOOD_NUMBER):
        assert secret not in text + told
    assert simulator.control.contacts() == {}


def test_a_lab_that_is_broken_off_cleans_up(simulator: UcceSimulator, tmp_path: Path) -> None:
    simulator.control.reset()
    simulator.control.behaviour(listLagSeconds=1000)
    process = _start(simulator, tmp_path / "lab.json")
    until(simulator.control.taken, timeout=60)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "broken off; cleaning up" in told
    assert "LEFT BEHIND" not in told
    assert simulator.control.contacts() == {}
    assert (tmp_path / "lab.json").is_file()


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("importAnswer", "201"), ("importAnswer", "202 fails"), ("webContainer", "starting"), ("webContainer", "login"),
        ("sessions", "cookie"), ("errorBodies", "html"), ("statusSpelling", "capitals"),
        ("dialingTimes", "08:00-20:00"),
    ],
)  # fmt: skip
def test_a_lab_of_a_ucce_that_behaves_otherwise_reports_and_leaves_nothing_behind(
    simulator: UcceSimulator, tmp_path: Path, switch: str, value: str
) -> None:
    simulator.control.reset()
    simulator.control.behaviour(**{switch: value})
    process = _start(simulator, tmp_path / "lab.json")
    told, _ = process.communicate(timeout=120)
    simulator.control.behaviour(**{switch: SWITCHES[switch][0]})
    works = switch != "webContainer"
    assert process.returncode == (0 if works else 1), told
    assert "Traceback" not in told
    report = json.loads((tmp_path / "lab.json").read_text(encoding="utf-8"))
    assert report["leftBehind"] == []
    assert (len(report["facts"]) == len(QUESTIONS)) is works
    assert simulator.control.contacts() == {}
