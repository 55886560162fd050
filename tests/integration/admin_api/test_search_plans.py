"""Every search finds its rows by an index: no statement scans a table that grows to a million callbacks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from shared.db.models import PortalUserSkill
from shared.db.session import Database
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import World
from tests.support.databases import sqlite_only

pytestmark = sqlite_only  # SQL Server's plans depend on statistics; SQLite's show what the indexes alone allow

# Tables, and what the report views call them.
GROWING = ("callback", "attempt", "slot", "callback_request", "callback_event", "c", "a", "r", "t", "other",
           "earlier")  # fmt: skip


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that runs inside, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def walks(database: Database, seen: list[tuple[str, Any]]) -> list[str]:
    """The steps of the statements' plans that scan a table that grows."""
    found = []
    with database.reading() as connection:
        for statement, parameters in seen:
            if statement.startswith("SELECT"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                steps = [row[3] for row in plan]
                found += [step for step in steps if step.split()[:2] in [["SCAN", name] for name in GROWING]]
    return found


SEARCHES: list[tuple[str, dict[str, Any]]] = [
    ("/callbacks", {}),
    ("/callbacks", {"sort": "start", "page": 7}),
    ("/callbacks", {"status": "importing"}),
    ("/callbacks", {"status": ["scheduled", "failed"], "skillId": "1"}),
    ("/callbacks", {"campaignId": "1"}),
    ("/callbacks", {"skillId": "1", "campaignId": "2"}),
    ("/callbacks", {"from": "2026-11-01", "to": "2026-11-02"}),
    ("/callbacks", {"phone": "+13122000001"}),
    ("/callbacks", {"q": "01JZ8Q4T7M2V9K3C5D6E8F0G1H"}),
    ("/live", {}),
    ("/skill-schedules/preview", {"skillId": "1"}),
    ("/reports/scheduled", {}),
    ("/reports/made", {}),
    ("/reports/results", {}),
    ("/reports/requests", {}),
    ("/reports/realtime", {}),
]


@pytest.mark.parametrize(("path", "query"), SEARCHES)
def test_no_search_walks_through_a_table_that_grows(
    admin: Admin, world: World, viewer: Browser, path: str, query: dict[str, Any]
) -> None:
    viewer.get(path, **query)  # now, because some values are read once in a process
    with statements(world.database) as seen:
        assert viewer.get(path, **query).status_code in (200, 404)
    assert walks(world.database, seen) == []


def test_no_search_of_a_limited_person_walks_through_a_table_that_grows(admin: Admin, world: World) -> None:
    user = admin.add_user("limited", "viewer", all_skills=False)
    for number in range(3):
        skill = world.skill_id if number == 0 else world.another_skill(f"Skill {number}")
        world.add(PortalUserSkill, user_id=user, skill_id=skill)
    browser = admin.browser()
    browser.log_in("limited")
    for path, query in SEARCHES:
        browser.get(path, **query)
        with statements(world.database) as seen:
            assert browser.get(path, **query).status_code in (200, 404)
        assert walks(world.database, seen) == [], (path, query)
    with statements(world.database) as seen:
        browser.get("/callbacks")
    merged = next(item for item in seen if "UNION ALL" in item[0])
    with world.database.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {merged[0]}", merged[1])]
    seeks = [step for step in plan if step.startswith("SEARCH callback")]
    assert len(seeks) == 3 * 7  # one per skill and state, each in order of time
    assert all("COVERING INDEX ix_callback_skill (skill_id=? AND status=?)" in step for step in seeks)


def test_a_search_is_answered_without_the_callbacks_own_rows_until_the_page_is_known(
    world: World, viewer: Browser
) -> None:
    with statements(world.database) as seen:
        viewer.get("/callbacks", skillId=str(world.skill_id), campaignId=str(world.campaign_id))
    merged = next(item for item in seen if "UNION ALL" in item[0])
    with world.database.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {merged[0]}", merged[1])]
    seeks = [step for step in plan if step.startswith("SEARCH callback")]
    assert len(seeks) == 7
    assert all("COVERING INDEX ix_callback_" in step for step in seeks)
