"""Login, CSRF, sessions; wrong passwords: test_login_limits.py."""

from datetime import timedelta

import pytest

from services.admin_api.identity import passwords, sessions
from shared.db.models import AuditLog, PortalSession, PortalUser
from tests.support.admin_api import Admin, Browser

WRONG = "not the password"
TLS = {"X-Forwarded-Proto": "https"}  # the header that the load balancer sets


def test_a_login_sets_a_cookie_that_scripts_cannot_read_and_other_sites_cannot_send(admin: Admin) -> None:
    response = admin.browser().log_in("viewer")
    assert response.status_code == 200
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("cm_session=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Expires" not in cookie


def test_under_tls_the_cookie_is_secure_and_of_this_host_alone(admin: Admin) -> None:
    cookie = admin.browser().log_in("viewer", headers=TLS).headers["Set-Cookie"]
    assert cookie.startswith("__Host-cm_session=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_under_tls_a_cookie_that_anybody_on_the_way_could_have_set_is_no_login(admin: Admin) -> None:
    browser = admin.as_role("viewer")  # over plain HTTP
    assert browser.get("/auth/me").status_code == 200
    assert browser.request("GET", "/auth/me", headers=TLS).status_code == 401


def test_a_login_over_tls_holds_on_the_plain_pages_that_a_browser_sends_its_cookie_to(admin: Admin) -> None:
    browser = admin.as_role("viewer")  # an older login over plain HTTP, which ends meanwhile
    browser.post("/auth/logout")
    browser.client.set_cookie("cm_session", "ended")
    browser.log_in("viewer", headers=TLS)
    assert browser.get("/auth/me").status_code == 200
    assert browser.post("/auth/logout", headers=TLS).status_code == 204
    assert browser.client.get_cookie("__Host-cm_session") is None
    assert browser.get("/auth/me").status_code == 401


def test_a_login_tells_who_it_is_and_the_csrf_token(admin: Admin) -> None:
    browser = admin.browser()
    told = browser.log_in("supervisor").json
    assert (told["name"], told["displayName"], told["role"], told["mustChange"]) == (
        "supervisor", "Supervisor", "supervisor", False,
    )  # fmt: skip
    assert browser.get("/auth/me").json == told


def test_the_login_name_is_compared_without_case(admin: Admin) -> None:
    assert admin.browser().log_in("Viewer").status_code == 200


def test_without_a_login_nothing_but_the_login_answers(admin: Admin) -> None:
    for path in ("/auth/me", "/live", "/users", "/callbacks"):
        refused = admin.browser().get(path)
        assert (refused.status_code, refused.json["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("name", ["viewer", "nobody", ""])
def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(admin: Admin, name: str) -> None:
    refused = admin.browser().post("/auth/login", {"name": name or "x", "password": WRONG})
    assert (refused.status_code, refused.json["code"]) == (401, "invalid_credentials")
    assert refused.json["detail"] == "The name or the password is wrong, or the account is locked."
    assert "Set-Cookie" not in refused.headers


def test_as_many_hashes_are_computed_for_an_unknown_user_as_for_a_known_one(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    real = passwords.verify

    def verify(stored: str | None, given: str) -> bool:
        checked.append(stored)
        return real(stored, given)

    monkeypatch.setattr(passwords, "verify", verify)
    for name in ("viewer", "nobody"):
        admin.browser().log_in(name, WRONG)
    assert len(checked) == 2
    assert checked[1] is None


def test_a_disabled_user_does_not_get_in(admin: Admin) -> None:
    admin.add_user("gone", "viewer", enabled=False)
    refused = admin.browser().log_in("gone")
    assert (refused.status_code, refused.json["code"]) == (401, "invalid_credentials")


def test_a_login_from_another_site_is_refused(admin: Admin) -> None:
    refused = admin.browser().log_in("viewer", headers={"Sec-Fetch-Site": "cross-site"})
    assert (refused.status_code, refused.json["code"]) == (403, "csrf_failed")


def test_a_write_without_the_csrf_token_is_refused(viewer: Browser, operator: Browser) -> None:
    right, operator.csrf = operator.csrf, ""
    assert operator.post("/auth/logout").json["code"] == "csrf_failed"
    operator.csrf = viewer.csrf
    assert operator.post("/auth/logout").json["code"] == "csrf_failed"
    operator.csrf = right
    assert operator.post("/auth/logout").status_code == 204


def test_a_logout_ends_the_session_and_takes_the_cookie(operator: Browser) -> None:
    token = operator.session_token
    assert operator.post("/auth/logout").status_code == 204
    operator.client.set_cookie("cm_session", token)
    assert operator.get("/auth/me").status_code == 401


def test_of_token_and_password_only_hashes_are_stored(admin: Admin, operator: Browser) -> None:
    token = operator.session_token
    (row,) = admin.world.rows(PortalSession)
    assert row.token_hash == sessions.token_hash(token)
    assert token not in str(tuple(row))
    assert all(user.password_hash.startswith("$argon2id$") for user in admin.world.rows(PortalUser))


def test_a_session_ends_after_half_an_hour_without_work(admin: Admin, operator: Browser) -> None:
    admin.now += timedelta(minutes=29)
    assert operator.get("/skills").status_code == 200
    admin.now += timedelta(minutes=29)
    assert operator.get("/skills").status_code == 200
    admin.now += timedelta(minutes=30)
    assert operator.get("/skills").status_code == 401


def test_automatic_refreshes_do_not_keep_a_session_alive(admin: Admin, operator: Browser) -> None:
    for _ in range(5):
        admin.now += timedelta(minutes=5)
        assert operator.get("/live").status_code == 200
    admin.now += timedelta(minutes=5)
    assert operator.get("/live").status_code == 401


def test_a_session_ends_after_twelve_hours_in_any_case(admin: Admin, operator: Browser) -> None:
    for _ in range(35):
        admin.now += timedelta(minutes=20)
        assert operator.get("/skills").status_code == 200
    admin.now += timedelta(minutes=20)
    assert operator.get("/skills").status_code == 401


def test_a_person_sees_where_they_are_logged_in_and_nobody_else(admin: Admin) -> None:
    admin.as_role("viewer")
    there = admin.as_role("operator")
    admin.now += timedelta(minutes=3)
    here = admin.as_role("operator")
    items = here.get("/auth/sessions").json["items"]
    assert [item["current"] for item in items] == [True, False]
    assert items[0]["createdAt"] > items[1]["createdAt"]
    assert all(item["address"] == "127.0.0.1" for item in items)
    assert here.session_token not in str(items)
    admin.now += timedelta(minutes=28)
    assert [item["current"] for item in here.get("/auth/sessions").json["items"]] == [True]
    assert there.get("/auth/me").status_code == 401


def test_logging_out_everywhere_ends_all_sessions_of_this_person_alone(admin: Admin) -> None:
    other = admin.as_role("viewer")
    there, here = admin.as_role("operator"), admin.as_role("operator")
    assert here.post("/auth/logout-everywhere", headers={"X-CSRF-Token": "guessed"}).status_code == 403
    assert there.get("/auth/me").status_code == 200
    assert here.post("/auth/logout-everywhere").status_code == 204
    assert [browser.get("/auth/me").status_code for browser in (there, here, other)] == [401, 401, 200]
    assert [row.action for row in admin.world.rows(AuditLog)][-1] == "logout_everywhere"
    assert admin.browser().log_in("operator").status_code == 200


def test_logins_and_failures_are_audited_without_what_was_typed(admin: Admin) -> None:
    admin.browser().log_in("viewer")
    admin.browser().log_in("viewer", WRONG)
    admin.browser().log_in("my-password-by-mistake", WRONG)
    rows = admin.world.rows(AuditLog, resource="sessions")
    assert [(row.who, row.action) for row in rows] == [
        ("user:viewer", "login"), ("user:viewer", "login_failed"), ("unknown", "login_failed"),
    ]  # fmt: skip
    assert not any("my-password" in str(tuple(row)) or WRONG in str(tuple(row)) for row in rows)


def test_a_login_deletes_expired_sessions(admin: Admin) -> None:
    admin.as_role("viewer")
    admin.now += timedelta(hours=2)
    admin.as_role("operator")
    assert [row.user_id for row in admin.world.rows(PortalSession)] == [admin.user_ids["operator"]]
