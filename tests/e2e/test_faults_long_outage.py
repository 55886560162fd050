"""After an outage of UCCE callbacks within their window are handed over, oldest first; the others expire."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import requests
from sqlalchemy import select, update

from deploy.sandbox.stack import Stack
from deploy.sandbox.ucce_simulator.control_client import Control
from shared.callbacks.config_cache import bump_version
from shared.db import models
from shared.db.session import Database
from tests.e2e.free_slots import make_room
from tests.servers.fixtures import StartStack
from tests.support.until import until


@pytest.fixture
def exit_stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


PACE = 3  # hand-overs a second


def book(stack: Stack, number: int) -> str:
    answer = requests.post(
        f"{stack.url}/api/v1/callbacks",
        json={"phone": f"+1312{2_000_000 + number}", "start": datetime.now(UTC).isoformat(timespec="seconds"),
              "skill": "Billing"},
        headers={"X-API-Key": stack.env["CM_IVR_KEY"]},
        timeout=10,
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    account_number: str = answer.json()["accountNumber"]
    return account_number


def make_overdue(database: Database, account_numbers: list[str], **ago: float) -> None:
    """Set their times back, as if they had been booked earlier."""
    back = timedelta(**ago)
    with database.writing() as tx:
        for row in tx.execute(select(models.Callback).where(models.Callback.account_number.in_(account_numbers))).all():
            tx.execute(
                update(models.Callback)
                .where(models.Callback.account_number == row.account_number)
                .values(due_at=row.due_at - back, slot_start=row.slot_start - back, start_at=row.start_at - back)
            )
        tx.commit()


def test_after_a_long_outage_the_oldest_go_first_at_the_campaigns_pace_and_the_rest_expires(
    start_stack: StartStack, exit_stack: ExitStack
) -> None:
    stack = start_stack({"CM_SYNC_INTERVAL": "1"})
    database = Database(stack.settings.environment["CM_DATABASE_URL"])
    exit_stack.callback(database.close)
    make_room(stack)
    with database.writing() as tx:
        tx.execute(update(models.Campaign).values(max_hand_overs_per_cycle=PACE))
        bump_version(tx)
        tx.commit()
    stack["ucce"].kill()
    booked = [book(stack, number) for number in range(10)]
    too_late, overdue, fresh = booked[:2], booked[2:6], booked[6:]
    make_overdue(database, too_late, hours=3)
    make_overdue(database, overdue, hours=1)

    def callbacks(status: str) -> dict[str, str]:
        with database.reading() as connection:
            query = select(models.Callback.account_number, models.Callback.reason).where(
                models.Callback.status == status
            )
            return {row.account_number: row.reason for row in connection.execute(query)}

    until(lambda: set(callbacks("expired")) == set(too_late), timeout=15)
    assert all(reason.startswith("not handed over within its window") for reason in callbacks("expired").values())

    stack["ucce"].start()
    stack["ucce"].wait_ready()
    ucce = Control(f"http://127.0.0.1:{stack.settings.ports['ucce']}")
    exit_stack.callback(ucce.close)
    until(lambda: len(ucce.taken()) == len(overdue + fresh), timeout=40)
    assert [key[:26] for key in ucce.taken()] == overdue + fresh
    batches = [one for one in ucce.received(method="POST", kind="import") if one["taken"]]
    assert max(len(one["accountNumbers"]) for one in batches) <= PACE
    sent = [datetime.fromisoformat(one["at"]) for one in batches]
    assert all((later - earlier).total_seconds() > 0.9 for earlier, later in pairwise(sent))
