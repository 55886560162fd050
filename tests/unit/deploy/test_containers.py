"""Dockerfile and compose.yml, as far as they can be checked without a Docker engine: all that they name exists, what
they copy is enough to run, no service runs as root, and they hold no secrets.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.docker import containers
from tests.unit.deploy.test_env_files import documented

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(containers.COMPOSE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# What each image must be able to start.
MODULES = {
    "booking": ["services.booking_api.wsgi"],
    "admin": ["services.admin_api.wsgi"],
    "worker": ["services.dialer_sync.__main__"],
    "tools": [
        "shared.db.migrate",
        "deploy.sandbox.seed",
        "deploy.doctor.__main__",
        "services.admin_api.identity.create_admin",
    ],
    "simulator": ["deploy.sandbox.ucce_simulator.__main__"],
}


def stages() -> dict[str, tuple[str, list[str]]]:
    """name → (what it is built on, its instructions) of each stage; continued lines are joined."""
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    lines = [line for line in DOCKERFILE.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if match := re.match(r"FROM (\S+) AS (\w+)", line):
            name = match[2]
            found[name] = (match[1], [])
        elif name and line.strip():
            found[name][1].append(re.sub(r"\s+", " ", line.strip()))
    return found


def instructions(stage: str) -> list[str]:
    """The instructions of a stage and of the stages it is built on, in order."""
    base, own = stages()[stage]
    return [*(instructions(base) if base in stages() else []), *own]


def copied(stage: str) -> list[tuple[str, str]]:
    """The files copied from the project into the image: (source, target)."""
    pairs = [re.fullmatch(r"COPY ((?:[^-\s]\S* )+)(\S+)", line) for line in instructions(stage)]
    return [(source, match[2]) for match in pairs if match for source in match[1].split()]


@pytest.mark.parametrize("stage", MODULES)
def test_an_image_holds_all_that_its_process_imports(stage: str, tmp_path: Path) -> None:
    for source, target in copied(stage):
        place = tmp_path / target.removeprefix("./")
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(
                ROOT / source, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules", "var")
            )
        elif (ROOT / source).exists():
            shutil.copy(ROOT / source, place)
    code = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    command = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, ''); {code}", *MODULES[stage]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("stage", MODULES)
def test_an_image_runs_without_rights_and_says_how_it_is(stage: str) -> None:
    users = [line.split()[1] for line in instructions(stage) if line.startswith("USER ")]
    assert users
    assert users[-1].split(":")[0] not in ("0", "root")
    own = stages()[stage][1]
    assert any(line.startswith("HEALTHCHECK ") for line in own)
    assert any(line.startswith("CMD [") for line in own), "in JSON form: a shell would swallow SIGTERM"


def test_the_dockerfile_installs_no_recommended_packages_and_checks_hashes() -> None:
    everything = [line for stage in stages() for line in stages()[stage][1]]
    assert not [line for line in everything if line.startswith("ADD ")]
    for line in (line for line in everything if "apt-get install" in line):
        assert line.count("--no-install-recommends") == line.count("apt-get install")
        assert "rm -rf /var/lib/apt/lists" in line
    assert all("--require-hashes" in line for line in everything if "pip install" in line)
    assert all(":" in base or "${" in base or base in stages() for base, _ in stages().values())


def test_what_the_dockerfile_copies_exists() -> None:
    missing = {source for stage in stages() for source, _ in copied(stage) if not (ROOT / source).exists()}
    assert missing == set()


def test_the_admin_image_holds_the_built_gadget() -> None:
    assert "COPY --from=gadget /gadget/dist ./services/finesse_gadget/dist" in stages()["admin"][1]
    assert ("services/finesse_gadget", "./") in copied("gadget")


def test_every_service_of_the_composition_is_built_from_a_stage_or_pinned() -> None:
    for name, service in SERVICES.items():
        if "build" in service:
            assert service["build"]["target"] in MODULES, name
            assert (containers.COMPOSE.parent / service["build"]["context"] / service["build"]["dockerfile"]).exists()
        else:
            assert re.search(r":\d", service["image"]), name


def test_there_are_two_nodes_of_each_service_three_votes_and_one_of_the_rest() -> None:
    for kind in ("booking", "admin", "worker"):
        first, second = SERVICES[f"{kind}-1"], SERVICES[f"{kind}-2"]
        assert (first["environment"]["CM_NODE"], second["environment"]["CM_NODE"]) == ("node-1", "node-2")
        assert first["build"] == second["build"]
        assert first["secrets"] == second["secrets"]
    assert sum(name.startswith("zookeeper-") for name in SERVICES) == 3


def test_every_setting_of_the_composition_is_a_documented_one() -> None:
    known = {
        name for file in ("common.env", "dialer_sync.env", "haproxy.env", "admin_api.env") for name in documented(file)
    }
    used = {name for service in SERVICES.values() for name in service.get("environment", {}) if name.startswith("CM_")}
    assert used - known == set()


def test_every_secret_is_declared_and_made() -> None:
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    declared = COMPOSE["secrets"]
    assert used <= declared.keys()
    made = {*containers.MAKERS, "ucce_certificate", "ucce_key", "tls"}
    assert {Path(entry["file"]).name for entry in declared.values()} == made
    assert {(containers.COMPOSE.parent / entry["file"]).parent.resolve() for entry in declared.values()} == {
        containers.FOLDER.resolve()
    }


def test_every_secret_file_that_a_service_reads_is_given_to_it() -> None:
    for name, service in SERVICES.items():
        for value in service.get("environment", {}).values():
            if isinstance(value, str) and value.startswith("/run/secrets/"):
                assert value.rsplit("/", 1)[1] in service["secrets"], name


def test_no_password_stands_in_the_composition() -> None:
    assert re.findall(r"PASSWORD: (?!/run/secrets)\S+", containers.COMPOSE.read_text()) == []


def test_whoever_is_waited_for_exists() -> None:
    for service in SERVICES.values():
        for name in service.get("depends_on", {}):
            assert name in SERVICES


def test_only_the_load_balancer_is_reachable_and_only_from_this_host() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.keys() == {"haproxy"}
    assert all(port.startswith("127.0.0.1:") for port in published["haproxy"])


def test_the_secrets_are_made_once_and_others_cannot_reach_them(tmp_path: Path) -> None:
    folder = tmp_path / "up"
    containers.prepare(folder)
    first = {file.name: file.read_text() for file in folder.iterdir()}
    containers.prepare(folder)
    assert {file.name: file.read_text() for file in folder.iterdir()} == first
    assert folder.stat().st_mode & 0o077 == 0
    assert first.keys() == {Path(entry["file"]).name for entry in COMPOSE["secrets"].values()}


def test_without_an_engine_it_says_so_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert containers.main(["up"]) == 2
    assert "No Docker engine" in capsys.readouterr().err
