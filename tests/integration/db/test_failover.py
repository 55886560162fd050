"""Connections during a failover, on a server (CM_TEST_DATABASE_URL) behind a proxy that cuts them."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.engine import make_url

from shared.db import models
from shared.db.session import BUDGET_SECONDS, Database, retried
from shared.errors import Unavailable
from tests.support.configured_database import NOW, phone
from tests.support.databases import ON_SERVER
from tests.support.proxy import Proxy

pytestmark = pytest.mark.skipif(not ON_SERVER, reason="needs a server: CM_TEST_DATABASE_URL")

TIMEOUT = 3.0  # the product's default


@pytest.fixture
def proxied_database(database_url: str) -> Iterator[tuple[Proxy, Database]]:
    """The database through a proxy, which stands for an availability group's listener."""
    url = make_url(database_url)
    proxy = Proxy(str(url.host), url.port or 1433)
    moved = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    with closing(Database(moved, pool_size=4, timeout=TIMEOUT)) as database:
        yield proxy, database
    proxy.close()


@retried
def write(database: Database, number: str) -> None:
    with database.writing() as tx:
        tx.execute(insert(models.DoNotCall).values(phone=number, added_at=NOW))
        tx.commit()


def written(database: Database, number: str) -> bool:
    with database.reading() as connection:
        found = connection.execute(select(models.DoNotCall.phone).where(models.DoNotCall.phone == number)).scalar()
    return found is not None


def test_a_pool_of_dead_connections_costs_nobody_an_error(proxied_database: tuple[Proxy, Database]) -> None:
    proxy, database = proxied_database
    held = [database.engine.connect() for _ in range(4)]
    for connection in held:
        connection.execute(text("SELECT 1"))
        connection.close()  # back to the pool, all four
    proxy.go_away()
    proxy.listen()
    number = phone()
    write(database, number)
    assert written(database, number)


def test_a_server_that_stays_away_is_told_within_the_time_that_an_ivr_waits(
    proxied_database: tuple[Proxy, Database],
) -> None:
    proxy, database = proxied_database
    write(database, phone())
    proxy.go_away()
    began = time.monotonic()
    with pytest.raises(Unavailable):
        write(database, phone())
    assert time.monotonic() - began < BUDGET_SECONDS + TIMEOUT + 0.1
    proxy.listen()
    number = phone()
    write(database, number)
    assert written(database, number)


def test_a_server_that_freezes_is_told_after_three_times_the_timeout(proxied_database: tuple[Proxy, Database]) -> None:
    """Microsoft's driver waits twice as long again for the server to confirm that the statement is cancelled."""
    proxy, database = proxied_database
    write(database, phone())
    proxy.fall_silent()
    began = time.monotonic()
    with pytest.raises(Unavailable):
        write(database, phone())
    assert time.monotonic() - began < 3 * TIMEOUT + 1
    proxy.speak()
    number = phone()
    write(database, number)
    assert written(database, number)
