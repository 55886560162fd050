"""Sessions with a real Redis: what is copied there may be lost, and never outlives its session."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from services.admin_api.identity import sessions
from services.admin_api.identity.roles import Role
from services.admin_api.identity.sessions import token_hash
from shared.db.models import PortalSession
from shared.redis_client import RedisClient
from tests.servers.sources import Server
from tests.support.admin_api import PASSWORD, Admin, Browser
from tests.support.configured_database import World
from tests.support.until import until


@pytest.fixture
def cache(own_redis: Server) -> Iterator[RedisClient]:
    with closing(RedisClient(own_redis.address, 0.25)) as opened:
        yield opened


@pytest.fixture
def admin(world: World, cache: RedisClient) -> Admin:
    return Admin(world, cache)


@pytest.fixture
def other_node(admin: Admin, own_redis: Server) -> Iterator[object]:
    """Another node on the same database and Redis."""
    with closing(RedisClient(own_redis.address, 0.25)) as opened:
        yield admin.node(opened)


def key_of(browser: Browser) -> str:
    token = browser.client.get_cookie("cm_session")
    assert token
    return f"cm:session:{token_hash(token.value)}"


def on(node: object, browser: Browser) -> Browser:
    """The same session at another node."""
    elsewhere = browser.admin.browser(node)
    cookie = browser.client.get_cookie("cm_session")
    assert cookie
    elsewhere.client.set_cookie("cm_session", cookie.value)
    elsewhere.csrf = browser.csrf
    return elsewhere


def test_a_read_leaves_a_short_lived_copy_that_answers_the_next_one(admin: Admin, cache: RedisClient) -> None:
    browser = admin.as_role("viewer")
    assert browser.get("/auth/me").status_code == 200
    copy = cache.redis.get(key_of(browser))
    assert json.loads(copy)["name"] == "viewer"  # type: ignore[arg-type]
    assert 0 < cache.redis.ttl(key_of(browser)) <= sessions.COPY_SECONDS  # type: ignore[operator]
    with admin.world.database.writing() as tx:  # nothing ever does this; it shows who answers
        sessions.delete_session(tx, PortalSession.user_id == admin.user_ids["viewer"])
        tx.commit()
    assert browser.get("/auth/me").status_code == 200


def test_a_write_never_trusts_the_copy(admin: Admin) -> None:
    browser = admin.as_role("operator")
    browser.get("/auth/me")
    with admin.world.database.writing() as tx:
        sessions.delete_session(tx, PortalSession.user_id == admin.user_ids["operator"])
        tx.commit()
    assert browser.post("/live/brakes", {"handOver": False}).status_code == 401


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


def test_a_new_password_ends_copies_too(admin: Admin, other_node: object) -> None:
    here = admin.as_role("viewer")
    there = on(other_node, here)
    assert there.get("/auth/me").status_code == 200
    here.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": "another horse battery"})
    assert there.get("/auth/me").status_code == 401


def test_a_slow_reader_cannot_bring_back_what_was_ended_while_it_read(admin: Admin, cache: RedisClient) -> None:
    browser = admin.as_role("viewer")
    hashed = key_of(browser).removeprefix("cm:session:")
    read = sessions.Session(1, "viewer", "Viewer", Role.VIEWER, must_change=False, expires_at=admin.now)
    key = key_of(browser)
    browser.post("/auth/logout")
    sessions.cache_session(cache, hashed, read)
    assert cache.redis.get(key) == sessions.TOMBSTONE


def test_with_redis_killed_everybody_stays_logged_in_and_can_log_in_and_out(admin: Admin, own_redis: Server) -> None:
    browser = admin.as_role("operator")
    assert browser.get("/auth/me").status_code == 200
    own_redis.process.kill()
    assert browser.get("/auth/me").status_code == 200
    assert browser.post("/live/brakes", {"handOver": False}).status_code == 200
    fresh = admin.as_role("viewer")
    assert fresh.post("/auth/logout").status_code == 204
    assert fresh.get("/auth/me").status_code == 401


def test_eleven_logins_a_minute_from_one_address_are_too_many(admin: Admin) -> None:
    browser = admin.browser()

    def refused() -> bool:
        answers = [browser.log_in("nobody", headers={"X-Forwarded-For": "203.0.113.9"}) for _ in range(11)]
        over = answers[-1].status_code == 429  # the minute of the clock may have turned in between
        assert not over or 0 < int(answers[-1].headers["Retry-After"]) <= 60
        return over

    assert until(refused, timeout=30, what="the eleventh login of a minute is refused")
    assert admin.browser().log_in("viewer").status_code == 200  # another address
