"""The messages to the service manager, over a real socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.dialer_sync.node.systemd_notify import ALIVE, READY, notify


@pytest.fixture
def notify_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


def test_a_service_manager_hears_what_it_is_told(notify_socket: socket.socket) -> None:
    assert notify(READY)
    assert notify(ALIVE)
    assert [notify_socket.recv(64), notify_socket.recv(64)] == [b"READY=1", b"WATCHDOG=1"]


def test_a_name_in_the_abstract_space_works_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{tmp_path.name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{tmp_path.name}")
        assert notify(READY)
        assert listener.recv(64) == b"READY=1"


def test_without_a_service_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify(READY)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    assert not notify(READY)
