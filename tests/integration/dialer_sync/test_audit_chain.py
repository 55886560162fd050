"""The master seals the audit log in its cycle, also while UCCE does not answer, and copies it to a syslog server."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from deploy.self_signed import self_signed
from shared.db.audit import Author, write_audit
from shared.db.audit_verification import verify
from shared.db.models import AuditLog, AuditSeal
from shared.syslog import SyslogServer
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.servers.syslog import Rsyslog
from tests.support.until import until


def test_a_cycle_seals_what_was_written_since_the_last_one(master: MasterFixture) -> None:
    for outage in (False, True):
        if outage:
            master.simulator.control.next_answer(status=503)
        with master.world.database.writing() as tx:
            row = {"at": master.clock.now, "who": "user:anna", "action": "update", "resource": "settings"}
            tx.execute(insert(AuditLog).values(row))
            tx.commit()
        assert verify(master.world.database).unsealed == 1
        master.cycle()
        report = verify(master.world.database)
        assert (report.breaks, report.unsealed) == ([], 0)


@pytest.mark.parametrize(("protocol", "length"), [("tcp", 700), ("udp", 100)])  # over UDP a long one is cut
def test_every_row_is_copied_to_the_syslog_server_with_its_place_in_the_chain(
    master: MasterFixture, rsyslog: Rsyslog, protocol: str, length: int
) -> None:
    use(master, SyslogServer(protocol, "127.0.0.1", rsyslog.port))
    for number in range(3):
        act(master, f"Ümlaut {number}", {"minutes": number, "text": "ä" * length})
    master.cycle()
    messages = until(lambda: len(rsyslog.messages()) == 3 and rsyslog.messages(), timeout=10)
    assert {head for head, _ in messages} == {"audit node-a campaign-manager audit"}
    bodies = sorted((body for _, body in messages), key=lambda body: int(body["position"]))
    assert [(body["position"], body["hash"], body["previous"]) for body in bodies] == [
        (seal.position, seal.hash, seal.previous) for seal in master.world.rows(AuditSeal)
    ]
    assert [(body["who"], body["label"], body["after"]) for body in bodies] == [
        ("user:anna", f"Ümlaut {number}", {"minutes": number, "text": "ä" * length}) for number in range(3)
    ]


def test_while_the_syslog_server_is_down_nothing_is_sealed_and_nothing_is_lost(
    master: MasterFixture, rsyslog: Rsyslog
) -> None:
    use(master, SyslogServer("tcp", "127.0.0.1", rsyslog.port))
    rsyslog.process.stop()
    act(master, "meanwhile")
    assert "the syslog server does not take the audit log" in master.cycle()
    assert verify(master.world.database).unsealed == 1
    rsyslog.process.start()
    rsyslog.process.wait_ready()
    master.clock.advance(61)
    master.cycle()
    assert verify(master.world.database).unsealed == 0
    assert [body["label"] for _, body in until(rsyslog.messages, timeout=10)] == ["meanwhile"]


def test_over_tls_the_copy_goes_only_to_a_server_whose_certificate_is_trusted(
    master: MasterFixture, tmp_path: Path
) -> None:
    certificate, key = self_signed("siem")
    pem, other = tmp_path / "siem.pem", tmp_path / "other.pem"
    pem.write_text(certificate + key)
    other.write_text(self_signed("other")[0])
    with tls_receiver(pem) as (port, received):
        use(master, SyslogServer("tls", "localhost", port, str(other)))
        act(master, "secret")
        assert "CERTIFICATE_VERIFY_FAILED" in master.cycle()
        assert verify(master.world.database).unsealed == 1
        use(master, SyslogServer("tls", "localhost", port, str(pem)))
        master.clock.advance(61)
        master.cycle()
        assert verify(master.world.database).unsealed == 0
        (taken,) = until(lambda: [one for one in received if one], timeout=10)
    length, _, text = taken.partition(b" ")
    assert int(length) == len(text)
    assert text.startswith(b"<109>1 2026-")
    assert json.loads(text[text.index(b"{") :])["label"] == "secret"


def use(master: MasterFixture, server: SyslogServer) -> None:
    master.context.settings = replace(master.context.settings, audit_syslog=server)
    master.cycle()


def act(master: MasterFixture, label: str, after: dict[str, Any] | None = None) -> None:
    with master.world.database.writing() as tx:
        write_audit(tx, Author("user:anna"), "update", "settings", now=master.clock.now, label=label, after=after)
        tx.commit()


@contextmanager
def tls_receiver(pem: Path) -> Iterator[tuple[int, list[bytes]]]:
    """A TLS server that reads each connection to its end."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    received: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                with plain, context.wrap_socket(plain, server_side=True) as connection:
                    parts = []
                    while part := connection.recv(65536):
                        parts.append(part)
                    received.append(b"".join(parts))
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], received
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
