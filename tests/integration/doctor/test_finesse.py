"""Doctor's check of the Finesse nodes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.doctor import finesse as doctor
from deploy.doctor.finding import Finding, Verdict
from deploy.sandbox import ports
from deploy.sandbox.finesse.handle import FinesseFake
from deploy.self_signed import self_signed
from tests.support.configured_database import World

Check = Callable[..., list[Finding]]


@pytest.fixture
def check(finesse: FinesseFake, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """The findings with the gadget on and both nodes up, and `changes`."""
    usual = {"CM_GADGET_ENABLED": "true", "CM_FINESSE_URLS": ",".join(finesse.urls),
             "CM_FINESSE_CA_FILE": str(finesse.ca_file), "CM_FINESSE_TIMEOUT": "1"}  # fmt: skip

    def findings(**changes: str) -> list[Finding]:
        for name, value in {**usual, **changes}.items():
            monkeypatch.setenv(name, value)
        return list(doctor.check())

    yield findings
    for node in (1, 2):
        finesse.control.node(node, "up")


def broken(findings: list[Finding]) -> dict[str, Finding]:
    return {one.check: one for one in findings if one.verdict is not Verdict.OK}


def test_while_the_gadget_is_off_nothing_is_said(check: Check) -> None:
    assert check(CM_GADGET_ENABLED="false") == []


def test_two_nodes_in_service_are_said_to_be(check: Check) -> None:
    found = check()
    assert [one.check for one in found] == [
        "finesse certificate", "finesse", "finesse clock", "finesse 2 certificate", "finesse 2", "finesse 2 clock",
    ]  # fmt: skip
    assert broken(found) == {}


@pytest.mark.parametrize("mode", ["down", "unavailable", "hang"])
def test_a_node_that_does_not_work_is_one_failure_with_a_cure(check: Check, finesse: FinesseFake, mode: str) -> None:
    finesse.control.node(2, mode)
    (problem,) = broken(check()).values()
    assert (problem.check, problem.verdict) == ("finesse 2", Verdict.FAILED)
    assert problem.cure


def test_nobody_at_the_address_and_a_certificate_of_others_are_told_apart(
    check: Check, finesse: FinesseFake, tmp_path: Path
) -> None:
    nowhere = broken(check(CM_FINESSE_URLS=f"https://127.0.0.1:{ports.free_port()}"))
    assert "no TLS connection" in nowhere["finesse certificate"].text
    (tmp_path / "others.pem").write_text(self_signed("others")[0])
    untrusted = broken(check(CM_FINESSE_URLS=finesse.urls[0], CM_FINESSE_CA_FILE=str(tmp_path / "others.pem")))
    assert list(untrusted) == ["finesse certificate"]
    assert "CM_FINESSE_CA_FILE" in untrusted["finesse certificate"].cure


def test_a_queue_of_a_skill_that_nobody_made_is_named(
    check: Check, world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CM_DATABASE_URL", database_url)
    assert broken(check(CM_GADGET_QUEUES="Billing_PQ=Billing")) == {}
    (problem,) = broken(check(CM_GADGET_QUEUES="Billing_PQ=Billing,Sales_PQ=Sails")).values()
    assert (problem.check, "Sails" in problem.text) == ("finesse queues", True)
