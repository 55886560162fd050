"""Settings, the audit log, live view and system page."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from shared import __version__
from shared.callbacks.settings import GADGET_SETTINGS, described
from shared.db.models import AuditLog, Mastership, MastershipTerm, Setting, WorkerNode
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World


def test_every_setting_is_listed_with_its_default_range_and_help(viewer: Browser) -> None:
    items = {item["name"]: item for item in viewer.get("/settings").json["items"]}
    assert set(items) == set(described()) - GADGET_SETTINGS  # the gadget is off
    notice = items["minimum_notice_minutes"]
    assert (notice["value"], notice["default"], notice["isDefault"], notice["minimum"], notice["maximum"]) == (
        15, 15, True, 0, 10_080,
    )  # fmt: skip
    assert all(item["label"] and item["help"] and item["group"] for item in items.values())
    assert items["allowed_countries"]["value"] == ["US", "CA"]


def test_a_setting_is_changed_and_goes_back_to_its_default(world: World, supervisor: Browser) -> None:
    path = "/settings/booking_horizon_days"
    assert supervisor.get(path).headers["ETag"] == '"0"'
    changed = supervisor.put(path, {"value": 30}, 0)
    assert (changed.json["value"], changed.json["isDefault"], changed.headers["ETag"]) == (30, False, '"1"')
    assert world.config_cache.reload().settings.booking_horizon_days == 30
    back = supervisor.delete(path, 1)
    assert (back.json["value"], back.json["isDefault"], back.headers["ETag"]) == (14, True, '"2"')
    assert [(row.action, row.before, row.after) for row in world.rows(AuditLog, resource="settings")] == [
        ("update", {"value": 14}, {"value": 30}), ("reset", {"value": 30}, {"value": 14}),
    ]  # fmt: skip


def test_a_setting_changed_meanwhile_is_not_overwritten(supervisor: Browser, admin: Admin) -> None:
    path = "/settings/expire_minutes"
    assert supervisor.put(path, {"value": 30}).status_code == 428
    admin.as_role("administrator").put(path, {"value": 45}, 0)
    stale = supervisor.put(path, {"value": 30}, 0)
    assert (stale.status_code, stale.json["changedBy"]) == (412, "administrator")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minimum_notice_minutes", -1), ("minimum_notice_minutes", 1.5), ("minimum_notice_minutes", True),
        ("minimum_notice_minutes", "15"), ("booking_horizon_days", 366), ("accept_bookings", 1),
        ("default_region", "XX"), ("default_region", "us"), ("allowed_countries", ["US", "US"]),
        ("allowed_countries", "US"), ("default_time_zone", "CST"), ("default_time_zone", None),
    ],
)  # fmt: skip
def test_a_value_outside_its_range_or_kind_is_refused(supervisor: Browser, name: str, value: Any) -> None:
    refused = supervisor.put(f"/settings/{name}", {"value": value}, 0)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["value"])


@pytest.mark.parametrize(("body", "field"), [({}, "value"), ({"value": 1, "key": 1}, "key")])
def test_a_wrong_field_named_value_or_key_is_named_in_the_errors(
    supervisor: Browser, body: dict[str, Any], field: str
) -> None:
    refused = supervisor.put("/settings/minimum_notice_minutes", body, 0)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_personal_data_is_kept_at_least_as_long_as_the_answers_that_tell_it(world: World, supervisor: Browser) -> None:
    personal, answers = "/settings/keep_personal_days", "/settings/keep_answers_days"
    assert supervisor.put(answers, {"value": 30}, 0).status_code == 200  # as long as personal data, by default

    for path, value, version in ((answers, 31, 1), (personal, 29, 0)):
        refused = supervisor.put(path, {"value": value}, version)
        assert refused.status_code == 422
        (message,) = refused.json["errors"]["value"]
        assert all(
            named in message for named in ("keep_personal_days", "keep_answers_days", f"{value} days", "30 days")
        )
    assert supervisor.put(personal, {"value": 60}, 0).status_code == 200
    assert supervisor.put(answers, {"value": 60}, 1).status_code == 200
    assert supervisor.delete(personal, 1).status_code == 422  # the default is shorter than the answers now
    assert supervisor.delete(answers, 2).status_code == 200
    assert supervisor.delete(personal, 1).status_code == 200
    assert {row.name: row.value for row in world.rows(Setting)} == {"keep_personal_days": 30, "keep_answers_days": 3}
    assert len(world.rows(AuditLog, resource="settings")) == 5


def test_contradictory_stored_settings_block_no_other_and_can_be_corrected_one_by_one(
    world: World, supervisor: Browser
) -> None:
    world.settings(keep_personal_days=2, keep_answers_days=60)
    assert supervisor.put("/settings/expire_minutes", {"value": 30}, 0).status_code == 200
    assert supervisor.put("/settings/keep_personal_days", {"value": 59}, 1).status_code == 422
    assert supervisor.put("/settings/keep_answers_days", {"value": 2}, 1).status_code == 200


def test_of_two_people_who_change_both_at_once_one_is_refused(admin: Admin, world: World) -> None:
    changes = [("keep_personal_days", 10), ("keep_answers_days", 20)]
    browsers = [admin.as_role("supervisor") for _ in changes]
    start, statuses = threading.Barrier(2), []

    def change(browser: Browser, name: str, value: int) -> None:
        start.wait()
        statuses.append(browser.put(f"/settings/{name}", {"value": value}, 0).status_code)

    threads = [threading.Thread(target=change, args=(one, *two)) for one, two in zip(browsers, changes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 422]


def test_no_country_at_all_means_all_countries(world: World, supervisor: Browser) -> None:
    assert supervisor.put("/settings/allowed_countries", {"value": []}, 0).status_code == 200
    assert world.config_cache.reload().settings.allowed_countries == ()


def test_an_unknown_setting_is_404(supervisor: Browser) -> None:
    assert supervisor.put("/settings/colour", {"value": 1}, 0).status_code == 404
    assert supervisor.get("/settings/colour").status_code == 404


def test_the_audit_log_tells_who_did_what_and_what_changed(admin: Admin, supervisor: Browser) -> None:
    supervisor.put("/settings/expire_minutes", {"value": 30}, 0, headers={"X-Request-ID": "req-7"})
    (entry,) = supervisor.get("/audit-log", resource="settings").json["items"]
    assert (entry["who"], entry["action"], entry["resourceId"], entry["before"], entry["after"]) == (
        "user:supervisor", "update", "expire_minutes", {"value": 60}, {"value": 30},
    )  # fmt: skip
    assert (entry["requestId"], entry["address"], entry["at"]) == ("req-7", "127.0.0.1", NOW.isoformat())


def test_the_audit_log_is_searched_by_person_action_and_time(admin: Admin, supervisor: Browser) -> None:
    admin.as_role("viewer")
    admin.now += timedelta(days=2)
    supervisor = admin.as_role("supervisor")
    assert supervisor.get("/audit-log", who="Viewer").json["total"] == 1
    assert supervisor.get("/audit-log", action="login").json["total"] == 3
    assert supervisor.get("/audit-log", **{"from": "2026-11-25"}).json["total"] == 1
    assert supervisor.get("/audit-log", to="2026-11-24").json["total"] == 2
    newest, *_ = supervisor.get("/audit-log").json["items"]
    assert newest["at"] == admin.now.isoformat()


def test_the_audit_log_is_searched_by_the_key_that_acted_too(world: World, supervisor: Browser) -> None:
    world.add(AuditLog, at=NOW, who="client:Night shift", action="brake", resource="brakes")
    (entry,) = supervisor.get("/audit-log", who="Night shift").json["items"]
    assert (entry["who"], entry["action"]) == ("client:Night shift", "brake")


def worker(world: World, node: str, role: str, **values: Any) -> None:
    cycle = {"at": NOW.isoformat(), "seconds": 0.2, "sentence": "5 handed over"}
    error = {"at": NOW.isoformat(), "message": "401 Unauthorized"}
    status = {"lastCycle": cycle, "ucce": {"reachable": False, "lastError": error}}
    with world.database.writing() as tx:
        row = {"version": "1.2", "seen_at": NOW, "status": status, **values}
        tx.execute(insert(WorkerNode).values(node=node, role=role, **row))
        tx.commit()


def master(world: World, node: str, epoch: int) -> None:
    with world.database.writing() as tx:
        tx.execute(update(Mastership).values(node=node, epoch=epoch, since=NOW))
        tx.execute(insert(MastershipTerm).values(epoch=epoch, node=node, began_at=NOW))
        tx.commit()


def test_live_and_system_name_the_master_its_epoch_and_what_it_says_of_ucce(world: World, viewer: Browser) -> None:
    worker(world, "node-1", "master")
    worker(world, "node-2", "standby")
    master(world, "node-1", 7)
    live = viewer.get("/live").json
    assert (live["master"]["node"], live["master"]["epoch"], live["master"]["alive"]) == ("node-1", 7, True)
    assert live["master"]["lastCycle"] == "5 handed over"
    assert live["ucce"] == {"reachable": False, "lastError": "401 Unauthorized", "lastErrorAt": NOW.isoformat()}
    system = viewer.get("/system").json
    assert [(node["node"], node["role"], node["alive"]) for node in system["nodes"]] == [
        ("node-1", "master", True), ("node-2", "standby", True),
    ]  # fmt: skip
    assert (system["version"], system["node"]) == (__version__, "test")
    states = {one["name"]: one["ok"] for one in system["dependencies"]}
    assert states == {"database": True, "redis": False, "zookeeper": True, "ucce": False}


def test_live_tells_a_masters_problem_and_that_it_switched_handing_over_off_by_itself(
    world: World, viewer: Browser
) -> None:
    worker(world, "node-1", "master", status={"problem": "the database lost its last transactions"})
    master(world, "node-1", 7)
    assert viewer.get("/live").json["brakes"]["handOverStoppedBy"] is None
    world.add(Setting, name="hand_over", value=False, version=1, changed_at=NOW, changed_by="worker:node-1")
    live = viewer.get("/live").json
    assert live["master"]["problem"] == "the database lost its last transactions"
    assert (live["brakes"]["handOver"], live["brakes"]["handOverStoppedBy"]) == (False, "worker:node-1")


def test_a_master_without_a_recent_heartbeat_is_not_alive_and_its_reports_do_not_count(
    admin: Admin, world: World, viewer: Browser
) -> None:
    worker(world, "node-1", "master", seen_at=NOW - timedelta(seconds=31))
    master(world, "node-1", 7)
    live = viewer.get("/live").json
    assert live["master"]["alive"] is False
    assert live["ucce"]["reachable"] is None


def test_before_any_master_the_system_says_so(viewer: Browser) -> None:
    live = viewer.get("/live").json
    assert (live["master"]["node"], live["master"]["alive"]) == (None, False)


def test_the_timeline_of_masters_is_listed_newest_first(world: World, viewer: Browser) -> None:
    master(world, "node-1", 7)
    master(world, "node-2", 9)
    terms = viewer.get("/system/masterships").json["items"]
    assert [(term["epoch"], term["node"], term["endedAt"]) for term in terms] == [
        (9, "node-2", None),
        (7, "node-1", None),
    ]


def test_settings_have_a_row_only_where_they_were_changed(world: World, supervisor: Browser) -> None:
    assert world.rows(Setting) == []
    supervisor.put("/settings/expire_minutes", {"value": 30}, 0)
    assert [row.name for row in world.rows(Setting)] == ["expire_minutes"]
