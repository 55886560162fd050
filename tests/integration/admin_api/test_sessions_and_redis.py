"""Sessions with a real Redis: no session data are stored in it, and no entry in it opens a session."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from services.admin_api.identity.sessions import token_hash
from shared.redis_client import RedisClient
from tests.servers.sources import Server
from tests.support.admin_api import PASSWORD, Admin, Browser
from tests.support.configured_database import World
from tests.support.until import until


@pytest.fixture
def redis_client(own_redis: Server) -> Iterator[RedisClient]:
    with closing(RedisClient(own_redis.address, 0.25)) as opened:
        yield opened


@pytest.fixture
def admin(world: World, redis_client: RedisClient) -> Iterator[Admin]:
    with closing(Admin(world, redis_client)) as running:
        yield running


@pytest.fixture
def other_node(admin: Admin, own_redis: Server) -> Iterator[object]:
    """Another node on the same database and Redis."""
    with closing(RedisClient(own_redis.address, 0.25)) as opened:
        yield admin.node(opened)


def on(node: object, browser: Browser) -> Browser:
    """The same session at another node."""
    elsewhere = browser.admin.browser(node)
    elsewhere.client.set_cookie("cm_session", browser.session_token)
    elsewhere.csrf = browser.csrf
    return elsewhere


def test_whoever_writes_to_redis_is_not_logged_in(admin: Admin, redis_client: RedisClient) -> None:
    intruder = admin.browser()
    intruder.client.set_cookie("cm_session", "made-up")
    session = {"user_id": admin.user_ids["administrator"], "name": "administrator", "display_name": "A",
               "role": "administrator", "must_change": False, "expires_at": "2999-01-01T00:00:00+00:00"}  # fmt: skip
    redis_client.redis.set(f"cm:session:{token_hash('made-up')}", json.dumps(session))
    assert intruder.get("/users").status_code == 401


def test_requests_of_a_session_leave_nothing_in_redis(admin: Admin, redis_client: RedisClient) -> None:
    assert admin.as_role("viewer").get("/auth/me").status_code == 200
    assert [key for key in redis_client.redis.scan_iter() if b"session" in key] == []


def test_a_logout_ends_the_session_on_every_node_at_once(admin: Admin, other_node: object) -> None:
    here = admin.as_role("viewer")
    there = on(other_node, here)
    assert there.get("/auth/me").status_code == 200
    assert here.post("/auth/logout").status_code == 204
    assert there.get("/auth/me").status_code == 401


def test_a_disabled_user_is_out_on_every_node_at_once(admin: Admin, other_node: object) -> None:
    there = on(other_node, admin.as_role("viewer"))
    assert there.get("/auth/me").status_code == 200
    body = {"name": "viewer", "displayName": "Viewer", "role": "viewer", "enabled": False}
    assert admin.as_role("administrator").put(f"/users/{admin.user_ids['viewer']}", body, 1).status_code == 200
    assert there.get("/auth/me").status_code == 401


def test_a_new_role_counts_on_every_node_at_once(admin: Admin, other_node: object) -> None:
    there = on(other_node, admin.as_role("supervisor"))
    assert there.get("/audit-log").status_code == 200
    body = {"name": "supervisor", "displayName": "Supervisor", "role": "viewer", "enabled": True}
    assert admin.as_role("administrator").put(f"/users/{admin.user_ids['supervisor']}", body, 1).status_code == 200
    assert there.get("/audit-log").status_code == 403
    assert there.get("/auth/me").json["role"] == "viewer"


def test_a_new_password_ends_the_sessions_on_every_node(admin: Admin, other_node: object) -> None:
    here = admin.as_role("viewer")
    there = on(other_node, here)
    assert there.get("/auth/me").status_code == 200
    here.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": "another horse battery"})
    assert there.get("/auth/me").status_code == 401


def test_with_redis_killed_everybody_stays_logged_in_and_can_log_in_and_out(admin: Admin, own_redis: Server) -> None:
    browser = admin.as_role("operator")
    assert browser.get("/auth/me").status_code == 200
    own_redis.process.kill()
    assert browser.get("/auth/me").status_code == 200
    assert browser.post("/live/brakes", {"handOver": False}).status_code == 200
    fresh = admin.as_role("viewer")
    assert fresh.post("/auth/logout").status_code == 204
    assert fresh.get("/auth/me").status_code == 401


def test_more_logins_a_minute_from_one_address_than_a_building_makes_are_too_many(admin: Admin) -> None:
    browser = admin.browser()

    def refused() -> bool:
        # Answers of a lock, which is quick; what is refused here is refused before.
        answers = [browser.log_in("nobody", headers={"X-Forwarded-For": "203.0.113.9"}) for _ in range(130)]
        over = "Too many logins" in answers[-1].json["detail"]  # not when the clock's minute ended in between
        assert not over or 0 < int(answers[-1].headers["Retry-After"]) <= 60
        return over

    assert until(refused, timeout=30, what="a login too many is refused")
    assert admin.browser().log_in("viewer").status_code == 200  # another address
