"""The master's purge: once an hour, by the portal's settings, and named in the cycle's sentence."""

from datetime import timedelta

from services.dialer_sync.steps import retention
from shared.callbacks.personal_data import REMOVED
from tests.integration.dialer_sync.master_fixture import MasterFixture


def test_the_master_removes_personal_data_once_an_hour(master: MasterFixture) -> None:
    ended = master.clock.now - timedelta(days=31)
    (number,) = master.add(due=ended, status="completed", open_rank=None, changed_at=ended)
    assert "purged" not in master.cycle()
    assert master.callback(number).phone != REMOVED  # this hour's purge was before

    master.clock.advance(retention.INTERVAL_SECONDS + 1)
    assert "purged 1 personal" in master.cycle()
    assert master.callback(number).phone == REMOVED


def test_the_portals_setting_says_how_long(master: MasterFixture) -> None:
    ended = master.clock.now - timedelta(days=31)
    (number,) = master.add(due=ended, status="completed", open_rank=None, changed_at=ended)
    master.world.settings(keep_personal_days=60)
    master.context.config_cache.reload()
    master.clock.advance(retention.INTERVAL_SECONDS + 1)
    assert "purged" not in master.cycle()
    assert master.callback(number).phone != REMOVED
