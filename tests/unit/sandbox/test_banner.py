"""The table of `make run`."""

from pathlib import Path

from deploy.sandbox.banner import table

ENV = {
    "CM_URL": "http://127.0.0.1:8080", "CM_HTTPS_URL": "https://127.0.0.1:8443", "CM_UCCE_URL": "https://127.0.0.1:8143",
    "CM_STATS_URL": "http://127.0.0.1:8404", "CM_IVR_KEY": "ivr-key", "CM_OPS_KEY": "ops-key", "CM_ADMIN_USER": "admin",
    "CM_ADMIN_PASSWORD": "secret", "CM_DEMO_SKILL": "Billing",
}  # fmt: skip
FINESSE = {
    "CM_FINESSE_DESKTOP_URL": "https://127.0.0.1:8445/desktop/container/",
    "CM_FINESSE_AGENT": "1042",
    "CM_FINESSE_AGENT_PASSWORD": "agents-secret",
}


def test_while_the_gadget_is_off_nothing_tells_of_it() -> None:
    shown = table(ENV, Path("var"), 9.0).lower()
    assert "gadget" not in shown
    assert "finesse" not in shown


def test_while_it_is_on_the_desktop_and_its_agent_are_shown() -> None:
    lines = table(ENV | FINESSE, Path("var"), 9.0).splitlines()
    shown = [line.split(maxsplit=2)[2] for line in lines if line.startswith("Finesse")]
    assert shown == ["https://127.0.0.1:8445/desktop/container/ (self-signed), agent 1042 / agents-secret"]
