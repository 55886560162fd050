"""The database fails once in the midst of a comparison of the dialing window: the cycle does not fail with it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, select

from services.dialer_sync.steps.campaigns import record_window
from shared.db import migrate
from shared.db.models import Campaign
from shared.db.session import Database
from shared.errors import Unavailable
from tests.support.configured_database import build_world


@pytest.mark.parametrize("failures", [1, 100])
def test_a_lost_connection_while_the_window_is_read_is_tried_again(tmp_path: Path, failures: int) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'cm.db'}")) as database:
        migrate.upgrade(database)
        build_world(database)
        with database.reading() as connection:
            row = connection.execute(select(Campaign.id, Campaign.observed)).one()
        asked = 0

        @event.listens_for(database.engine, "do_execute")
        def fail(*_: Any) -> None:
            nonlocal asked
            asked += 1
            if asked <= failures:
                raise sqlite3.OperationalError("disk I/O error")

        term: Any = SimpleNamespace(database=database)
        desired: Any = SimpleNamespace(id=row.id)
        same: Any = SimpleNamespace(fields=row.observed or {})
        if failures == 1:
            record_window(term, desired, same)
        else:
            with pytest.raises(Unavailable):
                record_window(term, desired, same)
        assert asked > 1
