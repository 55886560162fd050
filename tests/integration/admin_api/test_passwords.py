"""Passwords of the portal's users: the policy, the sessions that a change ends, Unicode normalisation."""

import unicodedata

import pytest

from tests.support.admin_api import PASSWORD, Admin, Browser

WRONG = "not the password"
NEW = "another horse battery"


def test_a_new_password_ends_every_other_session_and_goes_on_with_a_new_one(admin: Admin) -> None:
    here, there = admin.as_role("operator"), admin.as_role("operator")
    changed = here.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": NEW})
    assert changed.status_code == 200
    here.csrf = changed.json["csrfToken"]
    assert there.get("/auth/me").status_code == 401
    assert here.get("/auth/me").status_code == 200
    assert here.post("/auth/logout").status_code == 204
    assert admin.browser().log_in("operator", PASSWORD).status_code == 401
    assert admin.browser().log_in("operator", NEW).status_code == 200


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "12"), ("aaaaaaaaaaaaaa", "different"), ("my operator pass", "user name"), (PASSWORD, "another one")],
)
def test_a_weak_password_is_refused_with_its_reason(operator: Browser, password: str, why: str) -> None:
    refused = operator.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": password})
    assert refused.status_code == 422
    assert any(why in message for message in refused.json["errors"]["newPassword"])


@pytest.mark.parametrize("password", ["password1234", "qwertyuiop123", "Administrator1", "1q2w3e4r5t6y7u"])
def test_one_of_the_commonest_passwords_is_refused(operator: Browser, password: str) -> None:
    refused = operator.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": password})
    assert refused.status_code == 422
    assert any("commonest" in message for message in refused.json["errors"]["newPassword"])
    assert operator.get("/auth/me").status_code == 200


@pytest.mark.parametrize(("chosen", "typed"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_password_is_the_same_on_every_keyboard(admin: Admin, chosen: str, typed: str) -> None:
    """One keyboard sends é as one character, another as e and an accent."""
    password = "crème brûlée à Orléans"
    here = admin.as_role("operator")
    first = unicodedata.normalize(chosen, password)  # type: ignore[arg-type]
    second = unicodedata.normalize(typed, password)  # type: ignore[arg-type]
    assert first != second
    changed = here.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": first})
    assert changed.status_code == 200
    assert admin.browser().log_in("operator", second).status_code == 200
    assert admin.browser().log_in("operator", password.upper()).status_code == 401
    here.csrf = changed.json["csrfToken"]
    again = here.post("/auth/password", {"currentPassword": first, "newPassword": second})
    assert again.json["errors"]["newPassword"] == ["Must be another one than now."]


def test_a_new_password_needs_the_current_one(operator: Browser) -> None:
    refused = operator.post("/auth/password", {"currentPassword": WRONG, "newPassword": NEW})
    assert (refused.status_code, refused.json["code"]) == (401, "invalid_credentials")


def test_a_user_who_must_change_the_password_can_do_nothing_else_first(admin: Admin) -> None:
    admin.add_user("fresh", "administrator", must_change=True)
    browser = admin.browser()
    assert browser.log_in("fresh").json["mustChange"] is True
    assert browser.get("/auth/me").status_code == 200
    refused = browser.get("/live")
    assert (refused.status_code, refused.json["code"]) == (403, "password_change_required")
    changed = browser.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": NEW})
    assert changed.json["mustChange"] is False
    assert browser.get("/live").status_code == 200
