"""The systemd units start what exists, with what is documented, and give it no rights it does not need."""

import configparser
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("campaign-manager-*.service"))
HOME = "/opt/campaign-manager/current"
HARDENING = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictSUIDSGID": "yes",
    "CapabilityBoundingSet": "",
}


class UnitParser(configparser.RawConfigParser):
    """Names keep their case, as systemd's do."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def service(unit: Path) -> dict[str, str]:
    """The [Service] section; of a repeated key the last."""
    parser = UnitParser(strict=False)
    parser.read(unit)
    return dict(parser["Service"])


def test_there_is_a_unit_for_each_service() -> None:
    assert [unit.stem.removeprefix("campaign-manager-") for unit in SERVICES] == ["admin", "booking", "worker"]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_unit_runs_a_dedicated_user_without_rights(unit: Path) -> None:
    settings = service(unit)
    assert settings["User"] in ("cm-web", "cm-worker")
    assert {name: settings.get(name) for name in HARDENING} == HARDENING


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_unit_starts_a_module_that_exists(unit: Path) -> None:
    command = service(unit)["ExecStart"]
    module = re.search(r"(services\.\w+(?:\.wsgi)?)", command)
    assert module
    assert importlib.util.find_spec(module[1]) is not None
    for file in re.findall(r"deploy/\S+\.py", command):
        assert (ROOT / file).is_file()


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_unit_reads_env_files_that_are_documented(unit: Path) -> None:
    for optional, name in re.findall(r"EnvironmentFile=(-?)/etc/campaign-manager/(\S+)", unit.read_text()):
        assert optional or (ROOT / "deploy" / "env" / name).is_file()


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")) + sorted(UNITS.glob("*.target")), ids=lambda u: u.name)
def test_systemd_finds_nothing_to_say_about_a_unit(unit: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here")
    for each in UNITS.glob("campaign-manager*.*"):
        (tmp_path / each.name).write_text(each.read_text().replace(f"{HOME}/.venv/bin/python", "/usr/bin/env python"))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit.name)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "campaign-manager" in line] == []
