"""Certificates as Admin Workstations have them: the message names the cure, and the doctor shows what is sent."""

import dataclasses
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.doctor import certificates
from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import UcceClient, UcceSettings
from services.dialer_sync.ucce.errors import NotFound, NothingTaken
from tests.integration.dialer_sync.conftest import settings_for

EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
SAN = "subjectAltName=IP:127.0.0.1,DNS:localhost"


class Authority:
    """A root, an intermediate authority, and server certificates of it, made by openssl."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = self._make("root", "CA:TRUE")
        self.intermediate = self._make("intermediate", "CA:TRUE", by="root")

    def server(self, name: str, extension: str = "") -> tuple[Path, Path]:
        return self._make(name, "CA:FALSE", extension, by="intermediate"), self._folder / f"{name}.key"

    def _make(self, name: str, constraints: str, extension: str = "", by: str = "") -> Path:
        path, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        command = ["openssl", "req", "-x509", *EC, "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(path)]
        command += ["-addext", f"basicConstraints=critical,{constraints}"]
        command += ["-addext", extension] if extension else []
        command += ["-CA", str(self._folder / f"{by}.pem"), "-CAkey", str(self._folder / f"{by}.key")] if by else []
        subprocess.run(command, check=True, capture_output=True)
        return path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def start_workstation(tmp_path: Path) -> Iterator[Callable[[tuple[Path, Path], Path], UcceSettings]]:
    """Start an Admin Workstation with a certificate; the settings of a client that trusts the given file."""
    started: list[UcceSimulator] = []

    def start(certificate: tuple[Path, Path], trusted: Path) -> UcceSettings:
        cert, key = map(str, certificate)
        started.append(UcceSimulator(tmp_path / "ucce", ["--cert", cert, "--key", key]).start())
        return dataclasses.replace(settings_for(started[-1]), ca_file=str(trusted))

    yield start
    for simulator in started:
        simulator.stop()


Serve = Callable[[tuple[Path, Path], Path], UcceSettings]


def refusal(settings: UcceSettings) -> str:
    with pytest.raises(NothingTaken) as caught:
        campaigns.get(UcceClient(settings), 1)
    assert caught.value.message.removeprefix("UCCE cannot be reached: ") == certificates.untrusted(
        settings.url, settings.ca_file
    )
    return caught.value.message


def test_a_certificate_without_san_says_so_and_what_to_do(authority: Authority, start_workstation: Serve) -> None:
    settings = start_workstation(authority.server("127.0.0.1"), authority.intermediate)
    message = refusal(settings)
    assert "127.0.0.1 is not trusted" in message
    assert "have it issued anew with 127.0.0.1 as SAN" in message
    (sent,) = certificates.chain(settings.url)
    assert str(sent).startswith("CN=127.0.0.1 (SAN: none; until ")


def test_a_missing_intermediate_says_so_and_is_cured_by_the_file(
    authority: Authority, start_workstation: Serve
) -> None:
    settings = start_workstation(authority.server("named", SAN), authority.root)
    message = refusal(settings)
    assert "does not send its intermediate certificate" in message
    assert "CM_UCCE_CA_FILE" in message
    (sent,) = certificates.chain(settings.url)
    assert "issued by CN=intermediate" in str(sent)
    for cure in (authority.intermediate, authority._folder / "named.pem"):
        with pytest.raises(NotFound):
            campaigns.get(UcceClient(dataclasses.replace(settings, ca_file=str(cure))), 1)


def test_the_whole_chain_is_shown_and_trusted_by_its_root(
    authority: Authority, start_workstation: Serve, tmp_path: Path
) -> None:
    leaf, key = authority.server("complete", SAN)
    whole = tmp_path / "whole.pem"
    whole.write_text(leaf.read_text() + authority.intermediate.read_text())
    settings = start_workstation((whole, key), authority.root)
    with pytest.raises(NotFound):
        campaigns.get(UcceClient(settings), 1)
    sent = certificates.chain(settings.url)
    assert [one.subject for one in sent] == ["CN=complete", "CN=intermediate"]
    assert sent[0].names == "IP Address:127.0.0.1, DNS:localhost"
