"""A key is replaced while its client works: both keys are valid for a time, and the portal shows which one is used."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from shared.db import models
from shared.redis_client import RedisClient
from shared.web.dependencies import dependencies_of
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS, Api, code
from tests.support.configured_database import NOW, World
from tests.support.until import until


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(world, cache)) as running:
        yield running


def made(administrator: Browser, **values: Any) -> Any:
    body = {"name": "IVR Chicago", "scopes": ["ivr"], "enabled": True, **values}
    created = administrator.post("/api-clients", body)
    assert created.status_code == 201, created.text
    return created.json


def replaced(administrator: Browser, client: Any, ends_at: Any = None) -> Any:
    answer = administrator.post(f"/api-clients/{client['id']}/key", {"oldKeyEndsAt": ends_at and ends_at.isoformat()})
    assert answer.status_code == 200, answer.text
    return answer.json


def works(api: Api, key: str) -> bool:
    return api.get("/api/v1/availability?skill=Billing", key=key).status_code == 200


def ends(api: Api, key: str) -> None:
    """Within a second: a snapshot may be so old."""
    until(lambda: not works(api, key), timeout=3)
    assert code(api.get("/api/v1/availability?skill=Billing", key=key)) == (401, "unauthorized")


def test_two_keys_work_until_the_old_one_ends_by_itself(api: Api, admin: Admin, administrator: Browser) -> None:
    client = made(administrator)
    new = replaced(administrator, client, NOW + timedelta(hours=24))
    assert new["previousKey"]["endsAt"] == (NOW + timedelta(hours=24)).isoformat()
    assert until(lambda: works(api, new["key"]), timeout=3)
    assert works(api, client["key"])
    api.now = NOW + timedelta(hours=24) - timedelta(seconds=1)
    assert works(api, client["key"])
    api.now = NOW + timedelta(hours=24)
    ends(api, client["key"])
    assert works(api, new["key"])
    admin.now = api.now
    administrator.log_in("administrator")
    shown = administrator.get(f"/api-clients/{client['id']}").json
    assert (shown["previousKey"], shown["keyHint"]) == (None, new["key"][-4:])


def test_the_old_key_is_ended_by_hand(api: Api, administrator: Browser) -> None:
    client = made(administrator)
    new = replaced(administrator, client, NOW + timedelta(days=7))
    assert works(api, client["key"])
    ended = administrator.post(f"/api-clients/{client['id']}/end-previous-key")
    assert (ended.status_code, ended.json["previousKey"]) == (200, None)
    ends(api, client["key"])
    assert works(api, new["key"])


def test_without_a_time_the_old_key_ends_at_once(api: Api, administrator: Browser) -> None:
    client = made(administrator)
    assert works(api, client["key"])
    new = replaced(administrator, client)
    ends(api, client["key"])
    assert works(api, new["key"])


def test_of_three_keys_the_first_ends_at_once(api: Api, administrator: Browser) -> None:
    client = made(administrator)
    later = NOW + timedelta(days=1)
    second, third = replaced(administrator, client, later), replaced(administrator, client, later)
    ends(api, client["key"])
    assert works(api, second["key"])
    assert works(api, third["key"])


def test_a_disabled_client_has_no_key_that_works(api: Api, administrator: Browser) -> None:
    client = made(administrator)
    new = replaced(administrator, client, NOW + timedelta(days=1))
    api.world.configure(models.ApiClient, {"enabled": False}, id=int(client["id"]))
    ends(api, client["key"])
    ends(api, new["key"])


@pytest.mark.parametrize("ends_at", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=91)])
def test_an_end_that_makes_no_sense_is_refused_and_changes_nothing(
    api: Api, administrator: Browser, ends_at: Any
) -> None:
    client = made(administrator)
    refused = administrator.post(f"/api-clients/{client['id']}/key", {"oldKeyEndsAt": ends_at.isoformat()})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["oldKeyEndsAt"])
    assert works(api, client["key"])


def test_the_last_use_of_each_key_is_shown(api: Api, administrator: Browser) -> None:
    client = made(administrator)
    address = f"/api-clients/{client['id']}"
    assert administrator.get(address).json["lastUsedAt"] is None
    new = replaced(administrator, client, NOW + timedelta(days=1))
    uses = dependencies_of(api.app).key_uses
    api.now = NOW + timedelta(minutes=5)
    assert works(api, client["key"])
    uses.flush()
    shown = administrator.get(address).json
    assert (shown["lastUsedAt"], shown["previousKey"]["lastUsedAt"]) == (None, api.now.isoformat())
    api.now = NOW + timedelta(minutes=9)
    assert works(api, new["key"])
    uses.flush()
    shown = administrator.get(address).json
    assert shown["lastUsedAt"] == api.now.isoformat()
    assert shown["version"] == client["version"]
    (listed,) = administrator.get("/api-clients", q="Chicago").json["items"]
    assert listed["lastUsedAt"] == shown["lastUsedAt"]


def test_a_use_is_written_by_itself_and_once_in_a_minute(api: Api, world: World) -> None:
    def used() -> Any:
        return world.rows(models.ApiClient, name="test-ivr")[0].last_used_at

    assert works(api, api.key)
    assert used() is None  # no request waits for it
    until(lambda: used() == NOW, timeout=8)
    api.now = NOW + timedelta(seconds=59)
    assert works(api, api.key)
    dependencies_of(api.app).key_uses.flush()
    assert used() == NOW
    api.now = NOW + timedelta(seconds=60)
    assert works(api, api.key)
    dependencies_of(api.app).key_uses.flush()
    assert used() == api.now


def test_a_replacement_and_an_end_are_audited_without_a_key(world: World, administrator: Browser) -> None:
    client = made(administrator)
    new = replaced(administrator, client, NOW + timedelta(days=1))
    administrator.post(f"/api-clients/{client['id']}/end-previous-key")
    rows = world.rows(models.AuditLog, resource="api-clients")
    assert [row.action for row in rows] == ["create", "replace_key", "end_previous_key"]
    assert rows[1].after == {"oldKeyEndsAt": (NOW + timedelta(days=1)).isoformat()}
    assert not any(key in str([tuple(row) for row in rows]) for key in (client["key"], new["key"]))


def test_the_rate_of_a_scope_is_a_setting_and_a_client_may_have_its_own(world: World, administrator: Browser) -> None:
    made(administrator)
    made(administrator, name="busy", ratePerSecond=300)

    def rates() -> dict[str, int]:
        return {one.name: one.rate_per_second for one in world.config_cache.reload().clients.values()}

    assert (rates()["IVR Chicago"], rates()["busy"]) == (50, 300)
    world.settings(ivr_requests_per_second=7)
    assert (rates()["IVR Chicago"], rates()["busy"]) == (7, 300)
