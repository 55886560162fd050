"""Clocks that are wrong, and a process that stalls in the middle of a request."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from services.dialer_sync.ucce import client
from services.dialer_sync.wall_clock import MOST_OFF, seconds_off
from shared.clock import utcnow
from shared.db import models
from shared.db.session import Database
from tests.integration.dialer_sync.desk import Desk
from tests.support.until import until


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_the_databases_clock_tells_how_far_a_nodes_is_off(database: Database, hours: int) -> None:
    off = seconds_off(database, utcnow() + timedelta(hours=hours))
    assert off == pytest.approx(hours * 3600, abs=MOST_OFF / 2)


def test_a_result_is_fetched_although_its_import_was_recorded_under_a_clock_that_ran_ahead(desk: Desk) -> None:
    due = desk.add(1)
    desk.cycle()
    ahead = desk.clock.now + timedelta(hours=1)
    with desk.world.database.writing() as tx:
        tx.execute(update(models.Attempt).values(imported_at=ahead))
        tx.commit()
    desk.simulator.control.dialer(paused=False, mix={"10": 1})
    until(desk.simulator.control.calls)

    def completed() -> bool:
        desk.clock.advance(20)
        desk.cycle()
        return desk.statuses(due) == ["completed"]

    until(completed, timeout=20, every=0.2)


def test_a_request_that_stalled_in_its_midst_is_not_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    body = client._Body(b"0123456789", client.no_guard, 2.0)
    now = client.time.monotonic()
    assert body.read(6) == b"012345"
    monkeypatch.setattr(client.time, "monotonic", lambda: now + 10)
    with pytest.raises(client._Endless):
        body.read(6)
