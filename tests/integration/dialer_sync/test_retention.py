"""The master's purge: once an hour, as the portal's settings say, and told in the cycle's sentence."""

from datetime import timedelta

from services.dialer_sync.steps import retention
from shared.callbacks.retention import REMOVED
from tests.integration.dialer_sync.master_fixture import Desk


def test_the_master_removes_personal_data_once_an_hour(desk: Desk) -> None:
    ended = desk.clock.now - timedelta(days=31)
    (number,) = desk.add(due=ended, status="completed", open_rank=None, changed_at=ended)
    assert "purged" not in desk.cycle()
    assert desk.callback(number).phone != REMOVED  # this hour's purge was before

    desk.clock.advance(retention.INTERVAL + 1)
    assert "purged 1 personal" in desk.cycle()
    assert desk.callback(number).phone == REMOVED


def test_the_portals_setting_says_how_long(desk: Desk) -> None:
    ended = desk.clock.now - timedelta(days=31)
    (number,) = desk.add(due=ended, status="completed", open_rank=None, changed_at=ended)
    desk.world.settings(keep_personal_days=60)
    desk.context.config_cache.reload()
    desk.clock.advance(retention.INTERVAL + 1)
    assert "purged" not in desk.cycle()
    assert desk.callback(number).phone != REMOVED
