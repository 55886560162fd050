"""A node whose clock is wrong is not ready: what it booked could be expired, or due too early, by right clocks."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.admin_api.app import create_app
from shared.clock import utcnow
from shared.db.clock_skew import MAX_SKEW_SECONDS
from shared.db.session import Database
from shared.redis_client import RedisClient
from tests.support.booking_api import NO_REDIS, web_settings
from tests.support.gunicorn_nodes import StartNode
from tests.support.until import until


def off(path: Path, seconds: float) -> str:
    new = path.with_suffix(".new")
    new.write_text(str(seconds))
    new.rename(path)
    return str(path)


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_node_whose_clock_is_wrong_is_not_ready_until_it_is_right(
    start_node: StartNode, tmp_path: Path, seconds: float
) -> None:
    clock = tmp_path / "clock"
    node = start_node(application="tests.support.skewed_booking_api:create()", CM_TEST_CLOCK=off(clock, 0))
    assert node.ready() == (200, None)
    off(clock, seconds)
    until(lambda: node.ready() == (503, "clock"), timeout=5)
    assert f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} the database's" in node.log()
    off(clock, MAX_SKEW_SECONDS / 2)  # nodes drift a little
    until(lambda: node.ready() == (200, None), timeout=5)
    assert node.book().status_code == 201


@pytest.mark.parametrize(("seconds", "status"), [(-61, 503), (-59, 200), (59, 200), (61, 503)])
def test_the_admin_api_compares_its_clock_as_well(database: Database, seconds: int, status: int) -> None:
    def now() -> datetime:
        return utcnow() + timedelta(seconds=seconds)

    app = create_app(web_settings(), database=database, cache=RedisClient(NO_REDIS, 0.1), now=now)
    assert app.test_client().get("/health/ready").status_code == status
