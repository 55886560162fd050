"""Users and API clients, which administrators manage."""

from datetime import timedelta
from typing import Any

import pytest

from shared.callbacks.booking import book
from shared.db.models import ApiClient, AuditLog, PortalUser
from shared.web.auth import key_hash
from tests.support.admin_api import PASSWORD, Admin, Browser
from tests.support.configured_database import NOW, World


def user(**values: Any) -> dict[str, Any]:
    return {"name": "Anna", "displayName": "Anna Berg", "role": "operator", "enabled": True, **values}


def test_a_new_user_logs_in_with_the_first_password_and_must_change_it(admin: Admin, administrator: Browser) -> None:
    made = administrator.post("/users", user(password=PASSWORD))
    assert (made.status_code, made.json["name"], made.json["mustChange"]) == (201, "anna", True)
    assert "password" not in made.text.replace("passwordChangedAt", "")
    browser = admin.browser()
    assert browser.log_in("anna").status_code == 200
    assert browser.get("/live").json["code"] == "password_change_required"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"password": "short"}, "password"), ({"role": "king"}, "role"), ({"name": "a b"}, "name"),
     ({"password": "anna anna anna"}, "password")],
)  # fmt: skip
def test_a_user_needs_a_name_a_role_and_a_good_password(administrator: Browser, values: Any, field: str) -> None:
    refused = administrator.post("/users", {**user(password=PASSWORD), **values})
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_a_name_is_taken_whatever_its_case(administrator: Browser) -> None:
    refused = administrator.post("/users", user(name="VIEWER", password=PASSWORD))
    assert (refused.status_code, refused.json["code"]) == (409, "already_exists")


def test_administrators_cannot_delete_disable_or_demote_themselves(admin: Admin, administrator: Browser) -> None:
    own = admin.user_ids["administrator"]
    body = {"name": "administrator", "displayName": "A", "role": "administrator", "enabled": True}
    for change in ({"enabled": False}, {"role": "viewer"}):
        refused = administrator.put(f"/users/{own}", {**body, **change}, 1)
        assert (refused.status_code, refused.json["code"]) == (409, "in_use")
    assert administrator.delete(f"/users/{own}", 1).status_code == 409
    assert administrator.put(f"/users/{own}", body, 1).status_code == 200


def test_a_deleted_user_is_out_at_once_and_stays_in_the_audit_log(admin: Admin, administrator: Browser) -> None:
    viewer = admin.as_role("viewer")
    assert administrator.delete(f"/users/{admin.user_ids['viewer']}", 1).status_code == 204
    assert viewer.get("/auth/me").status_code == 401
    (row,) = admin.world.rows(AuditLog, action="delete", resource="users")
    assert (row.label, row.before) == (
        "viewer", {"name": "viewer", "display_name": "Viewer", "role": "viewer", "enabled": True, "sees_phones": True,
                   "may_export": True, "skills": None},
    )  # fmt: skip


def test_an_administrator_gives_a_new_password_and_ends_the_lock(admin: Admin, administrator: Browser) -> None:
    for _ in range(5):
        admin.now += timedelta(seconds=8)  # longer than the pauses
        admin.browser().log_in("viewer", "wrong")
    shown = administrator.get(f"/users/{admin.user_ids['viewer']}").json
    assert (shown["locked"], shown["lockedUntil"]) == (True, (admin.now + timedelta(minutes=15)).isoformat())
    reset = administrator.post(f"/users/{admin.user_ids['viewer']}/password", {"password": "a brand new start"})
    assert (reset.status_code, reset.json["locked"], reset.json["mustChange"]) == (200, False, True)
    assert admin.browser().log_in("viewer", "a brand new start").status_code == 200


def test_an_administrator_ends_a_lock(admin: Admin, administrator: Browser) -> None:
    for _ in range(5):
        admin.now += timedelta(seconds=8)  # longer than the pauses
        admin.browser().log_in("viewer", "wrong")
    assert administrator.post(f"/users/{admin.user_ids['viewer']}/unlock").json["locked"] is False
    assert admin.browser().log_in("viewer").status_code == 200


def test_no_secret_is_audited(admin: Admin, administrator: Browser) -> None:
    administrator.post("/users", user(password=PASSWORD))
    administrator.post(f"/users/{admin.user_ids['viewer']}/password", {"password": "a brand new start"})
    key = administrator.post("/api-clients", {"name": "IVR 2", "scopes": ["ivr"], "enabled": True}).json["key"]
    hashes = [row.password_hash for row in admin.world.rows(PortalUser)] + [key_hash(key)]
    written = " ".join(str(tuple(row)) for row in admin.world.rows(AuditLog))
    assert not any(secret in written for secret in (PASSWORD, "a brand new start", key, *hashes))


def test_a_key_is_shown_once_and_only_its_hash_is_stored(world: World, administrator: Browser) -> None:
    made = administrator.post("/api-clients", {"name": "IVR 2", "scopes": ["ivr"], "enabled": True})
    key = made.json["key"]
    assert made.status_code == 201
    assert key.startswith("cm_ivr_")
    assert len(key) > 45
    again = administrator.get(f"/api-clients/{made.json['id']}").json
    assert "key" not in again
    assert again["keyHint"] == key[-4:]
    assert world.rows(ApiClient, name="IVR 2")[0].key_hash == key_hash(key)
    assert key_hash(key) in world.config_cache.reload().clients


def test_a_replaced_key_is_refused_from_then_on(world: World, administrator: Browser) -> None:
    made = administrator.post("/api-clients", {"name": "IVR 2", "scopes": ["ivr"], "enabled": True}).json
    new = administrator.post(f"/api-clients/{made['id']}/key").json["key"]
    clients = world.config_cache.reload().clients
    assert key_hash(new) in clients
    assert key_hash(made["key"]) not in clients


def test_a_client_that_booked_is_disabled_rather_than_deleted(world: World, administrator: Browser) -> None:
    book(world.database, world.config_cache, world.request(), world.caller, NOW)
    refused = administrator.delete(f"/api-clients/{world.caller.client_id}", 1)
    assert refused.json["usedBy"] == ["callbacks it booked", "requests it made"]
    body = {"name": "ivr", "scopes": ["ivr"], "enabled": False, "ratePerSecond": 10}
    assert administrator.put(f"/api-clients/{world.caller.client_id}", body, 1).json["enabled"] is False


@pytest.mark.parametrize("values", [{"scopes": []}, {"scopes": ["admin"]}, {"ratePerSecond": 0}, {"name": ""}])
def test_a_client_has_a_name_and_known_scopes(administrator: Browser, values: Any) -> None:
    body = {"name": "x", "scopes": ["ivr"], "enabled": True, **values}
    assert administrator.post("/api-clients", body).status_code == 422
