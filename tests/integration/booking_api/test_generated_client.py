"""Client developers generate their code from the served document: no warning comes, and what comes out books."""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.configured_database import phone
from tests.support.gunicorn_nodes import Node, StartNode, soon

PACKAGE = "campaign_manager_booking_api_client"


def generate(document: Path, folder: Path) -> None:
    """Write the client's package `PACKAGE` into `folder`. A warning of the generator or of its formatter fails."""
    tools = Path(sys.executable).parent  # it calls ruff by its name
    done = subprocess.run(
        [tools / "openapi-python-client", "generate", "--path", document, "--meta", "none", "--fail-on-warning",
         "--output-path", folder / PACKAGE],
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert (done.returncode, "arning" in said, "Skipping" in said) == (0, False, False), said


@pytest.fixture
def node(start_node: StartNode) -> Node:
    return start_node()


@pytest.fixture
def client(node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The generated package's client of the running API, with the key of an IVR."""
    document = tmp_path / "openapi.json"
    document.write_text(requests.get(f"{node.url}/api/v1/openapi.json", timeout=15).text)
    generate(document, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    package = importlib.import_module(PACKAGE)
    return package.AuthenticatedClient(node.url, token=node.key, prefix="", auth_header_name="X-API-Key", timeout=15)


def operation(name: str) -> Any:
    """The generated function's module of an operation: `callbacks.book_callback`."""
    return importlib.import_module(f"{PACKAGE}.api.{name}")


def test_a_generated_client_asks_books_reads_refusals_moves_and_cancels(client: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")

    with client:
        free = operation("availability.check_availability").sync(client=client, skill="Billing", days=2)
        assert (free.time_zone, free.available > 0) == ("UTC", True)

        number, start = phone(), soon()
        request = models.BookingRequest(number, start, "Billing", first_name="Ada", call_id="call-1")
        book = operation("callbacks.book_callback")
        first = book.sync_detailed(client=client, body=request, idempotency_key="once")
        again = book.sync_detailed(client=client, body=request, idempotency_key="once")
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.parsed == again.parsed
        booked = first.parsed
        assert (booked.phone, booked.first_name, booked.agent_id) == (number, "Ada", None)
        assert booked.start.isoformat() == start

        found = operation("callbacks.find_callbacks").sync(client=client, phone=number)
        assert [one.account_number for one in found.callbacks] == [booked.account_number]
        twice = book.sync(client=client, body=models.BookingRequest(number, start, "Billing"))
        assert (twice.status, twice.code.value) == (409, "duplicate_callback")
        assert twice.account_number == booked.account_number
        others = [book.sync(client=client, body=models.BookingRequest(phone(), start, "Billing")) for _ in range(3)]
        assert (others[-1].status, others[-1].code.value) == (409, "slot_full")
        assert [slot.available > 0 for slot in others[-1].alternatives] == [True] * 3

        offer = operation("ivr.offer_slots").sync(client=client, skill="Billing", phone=phone(), call_id="call-2")
        assert (offer.result, offer.count) == ("ok", 3)
        by_number = models.Book(phone=offer.phone, slot=1, call_id="call-2")
        voice = operation("ivr.book_offered_slot").sync(client=client, body=by_number)
        assert (voice.result, voice.start) == ("ok", offer.slot_1_start)
        answered = operation("ivr.fetch_callback").sync(client=client, account=f"{voice.account_number}-01")
        assert (answered.result, answered.phone) == ("ok", offer.phone)

        later = models.Reschedule(soon(4))
        moved = operation("callbacks.reschedule_callback").sync(booked.account_number, client=client, body=later)
        assert moved.start.isoformat() == later.start
        cancelled = operation("callbacks.cancel_callback").sync_detailed(booked.account_number, client=client)
        assert cancelled.status_code == 204
        now = operation("callbacks.get_callback").sync(booked.account_number, client=client)
        assert now.status is models.CallbackStatus.CANCELLED
