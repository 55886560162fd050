"""The zones that the portal offers are those that the server takes."""

import pytest

from tests.support.admin_api import Browser
from tests.support.configured_database import World


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Europe/Kyiv", "Asia/Calcutta", "UTC"])
def test_a_zone_of_the_list_is_saved(world: World, supervisor: Browser, zone: str) -> None:
    names = supervisor.get("/time-zones").json["names"]
    assert zone in names
    assert names == sorted(set(names))
    skill = world.another_skill("Far away")
    body = {"skillId": str(skill), "timeZone": zone, "weeklyScheduleId": str(world.weekly_id), "startsOn": "2026-12-01"}
    assert supervisor.post("/skill-schedules", body).status_code == 201
    setting = supervisor.get("/settings/default_time_zone")
    changed = supervisor.put("/settings/default_time_zone", {"value": zone}, setting.json["version"])
    assert changed.status_code == 200, changed.text
