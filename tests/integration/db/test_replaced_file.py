"""A database file that is replaced under a running service, as by a restore."""

import shutil
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.engine import make_url

from shared.clock import utcnow
from shared.db.models import DoNotCall
from shared.db.session import Database
from tests.support.databases import sqlite_only


@sqlite_only
def test_no_pooled_connection_writes_to_the_file_that_was_replaced(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    held = [database.engine.connect() for _ in range(4)]
    for connection in held:
        connection.execute(select(func.count()).select_from(DoNotCall))
    for connection in held:
        connection.close()  # back to the pool, all four
    path = Path(str(make_url(database_url).database))
    shutil.copyfile(path, tmp_path / "restored.db")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").rename(tmp_path / f"replaced.db{suffix}")
    (tmp_path / "restored.db").rename(path)

    for number in range(4):
        with database.writing() as tx:
            row = {"phone": f"+131255501{number:02}", "added_at": utcnow(), "added_by": "test"}
            tx.execute(insert(DoNotCall), row)
            tx.commit()

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(DoNotCall)).scalar_one() == 4
