"""The second factor of local accounts. The authenticator here is written from RFC 6238, not the product's."""

import base64
import hashlib
import hmac
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import update

from shared.db.models import AuditLog, PortalUser, RecoveryCode
from tests.support.admin_api import PASSWORD, Admin, Browser
from tests.support.configured_database import World
from tests.support.json_client import JsonResponse

STEP = timedelta(seconds=30)


def code_at(secret: str, at: datetime) -> str:
    """What an authenticator shows at that time (RFC 6238, SHA-1, 30 s, 6 digits)."""
    counter = struct.pack(">Q", int(at.timestamp()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    begin = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[begin : begin + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def test_the_authenticator_of_these_tests_is_that_of_the_rfc() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    shown = [code_at(secret, datetime.fromtimestamp(at).astimezone()) for at in (59, 1111111109, 20000000000)]
    assert shown == ["287082", "081804", "353130"]


@pytest.fixture
def enrol(admin: Admin) -> Callable[[Browser], tuple[str, list[str]]]:
    """Sets the second factor up in a browser that is logged in: the secret and the recovery codes."""

    def enrol(browser: Browser) -> tuple[str, list[str]]:
        begun = browser.post("/auth/mfa/enrolment", {"currentPassword": PASSWORD})
        assert begun.status_code == 200
        secret = begun.json["secret"]
        confirmed = browser.post("/auth/mfa/confirmation", {"code": code_at(secret, admin.now)})
        assert confirmed.status_code == 200
        admin.now += STEP  # the code that confirmed is used up
        return secret, confirmed.json["recoveryCodes"]

    return enrol


def log_in(browser: Browser, name: str, code: str | None = None, password: str = PASSWORD) -> JsonResponse:
    answer = browser.post("/auth/login", {"name": name, "password": password, "code": code})
    browser.csrf = answer.json.get("csrfToken", "")
    return answer


def refusal(answer: JsonResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


Enrol = Callable[[Browser], tuple[str, list[str]]]


def test_a_login_needs_a_code_once_one_was_confirmed(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    assert viewer.get("/auth/mfa").json == {"enabled": False, "required": False, "recoveryCodesLeft": 0}
    begun = viewer.post("/auth/mfa/enrolment", {"currentPassword": PASSWORD}).json
    uri = urlsplit(begun["uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Campaign Manager:viewer")
    assert parse_qs(uri.query) == {"secret": [begun["secret"]], "issuer": ["Campaign Manager"]}
    kind, _, picture = begun["qrCode"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b'<svg xmlns="http://www.w3.org/2000/svg"' in base64.b64decode(picture)  # else no browser shows it
    assert admin.as_role("viewer").get("/auth/mfa").json["enabled"] is False  # it does not count before a code did
    secret, codes = enrol(viewer)
    assert viewer.get("/auth/mfa").json == {"enabled": True, "required": False, "recoveryCodesLeft": 10}
    assert len(set(codes)) == 10
    browser = admin.browser()
    assert refusal(log_in(browser, "viewer")) == (401, "mfa_required")
    assert refusal(log_in(browser, "viewer", password="wrong horse battery")) == (401, "invalid_credentials")
    assert refusal(log_in(browser, "viewer", "000000")) == (401, "invalid_credentials")
    code = code_at(secret, admin.now)
    assert log_in(browser, "viewer", f" {code[:3]} {code[3:]}").status_code == 200
    (login,) = [row for row in admin.world.rows(AuditLog, action="login") if "factor" in row.after]
    assert (login.who, login.after["factor"]) == ("user:viewer", "totp")


def test_clocks_may_differ_by_half_a_minute(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    secret, _ = enrol(viewer)
    for steps, status in ((-2, 401), (2, 401), (-1, 200), (1, 200)):
        admin.now += 3 * STEP
        assert log_in(admin.browser(), "viewer", code_at(secret, admin.now + steps * STEP)).status_code == status


def test_a_code_is_taken_once_on_all_nodes(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    secret, codes = enrol(viewer)
    nodes = [admin.app, admin.node(admin.cache)]
    for code in (code_at(secret, admin.now), codes[0]):
        browsers = [admin.browser(nodes[number % 2]) for number in range(6)]
        with ThreadPoolExecutor(len(browsers)) as crowd:
            answers = list(crowd.map(lambda browser: log_in(browser, "viewer", code), browsers))  # noqa: B023
        assert sum(answer.status_code == 200 for answer in answers) == 1, [answer.text for answer in answers]
        admin.now += timedelta(minutes=20)  # the wrong ones locked the name here
    later = code_at(secret, admin.now)
    assert log_in(admin.browser(nodes[0]), "viewer", later).status_code == 200
    for node in nodes:
        assert refusal(log_in(admin.browser(node), "viewer", later)) == (401, "invalid_credentials")
    admin.now -= STEP  # of an earlier step than one that was taken, on a node whose clock is behind
    assert log_in(admin.browser(nodes[1]), "viewer", code_at(secret, admin.now)).status_code == 401


def test_recovery_codes_are_kept_as_hashes_and_let_in_once_each(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    _, codes = enrol(viewer)
    assert len(admin.world.rows(RecoveryCode)) == 10
    stored = " ".join(row.code_hash for row in admin.world.rows(RecoveryCode))
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]
    assert log_in(admin.browser(), "viewer", codes[3].upper().replace("-", " ")).status_code == 200
    assert refusal(log_in(admin.browser(), "viewer", codes[3])) == (401, "invalid_credentials")
    assert viewer.get("/auth/mfa").json["recoveryCodesLeft"] == 9
    new = viewer.post("/auth/mfa/recovery-codes", {"currentPassword": PASSWORD}).json["recoveryCodes"]
    assert log_in(admin.browser(), "viewer", codes[4]).status_code == 401
    assert log_in(admin.browser(), "viewer", new[4]).status_code == 200


def test_a_recovery_code_of_another_person_lets_nobody_in(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    operator = admin.as_role("operator")
    enrol(viewer)
    _, others = enrol(operator)
    assert log_in(admin.browser(), "viewer", others[0]).status_code == 401
    assert log_in(admin.browser(), "operator", others[0]).status_code == 200


def test_wrong_codes_lock_as_wrong_passwords_do(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    secret, _ = enrol(viewer)
    for _ in range(3):  # to be asked for the code is no failure, and forgives none
        for wrong in ("111111", None):
            admin.now += timedelta(minutes=2)
            assert log_in(admin.browser(), "viewer", wrong).status_code == 401
    for _ in range(7):
        admin.now += timedelta(seconds=1)
        assert log_in(admin.browser(), "viewer").status_code in (401, 429)
    for _ in range(2):
        admin.now += timedelta(minutes=2)
        assert log_in(admin.browser(), "viewer", "111111").status_code == 401
    admin.now += timedelta(minutes=2)
    assert refusal(log_in(admin.browser(), "viewer", code_at(secret, admin.now))) == (401, "invalid_credentials")
    admin.now += timedelta(minutes=15)
    assert log_in(admin.browser(), "viewer", code_at(secret, admin.now)).status_code == 200


def test_to_be_asked_for_the_code_again_and_again_locks_nobody(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    secret, _ = enrol(viewer)
    for _ in range(8):
        assert refusal(log_in(admin.browser(), "viewer")) == (401, "mfa_required")
    assert log_in(admin.browser(), "viewer", code_at(secret, admin.now)).status_code == 200


def require_for(admin: Admin, *roles: str) -> None:
    """As an administrator sets it; the node reads it anew."""
    admin.world.settings(mfa_roles=list(roles))
    admin.app = admin.node(admin.cache)


def test_who_must_have_it_sets_it_up_before_anything_else(admin: Admin, enrol: Enrol) -> None:
    require_for(admin, "supervisor")
    assert admin.as_role("viewer").get("/skills").status_code == 200
    browser = admin.browser()
    assert browser.log_in("supervisor").json["mustSetUpMfa"] is True
    assert browser.get("/auth/mfa").json["required"] is True
    for method, path in (("GET", "/skills"), ("GET", "/live"), ("POST", "/auth/mfa/removal")):
        body = {"currentPassword": PASSWORD} if method == "POST" else None
        assert refusal(browser.request(method, path, body)) == (403, "mfa_setup_required")
    secret, _ = enrol(browser)
    assert browser.get("/auth/me").json["mustSetUpMfa"] is False
    assert browser.get("/skills").status_code == 200
    assert refusal(browser.post("/auth/mfa/removal", {"currentPassword": PASSWORD})) == (403, "forbidden")
    again = admin.browser()
    assert log_in(again, "supervisor", code_at(secret, admin.now)).json["mustSetUpMfa"] is False


def test_a_session_that_was_open_when_the_rule_came_needs_it_too(admin: Admin, world: World) -> None:
    before = admin.as_role("viewer")
    require_for(admin, "viewer")
    there = admin.browser()
    there.client.set_cookie("cm_session", before.session_token)
    assert refusal(there.get("/skills")) == (403, "mfa_setup_required")
    with world.database.writing() as tx:  # the directory looks after this one's login
        tx.execute(update(PortalUser).where(PortalUser.name == "viewer").values(source="ldap", external_id="x"))
        tx.commit()
    assert there.get("/auth/me").json.get("mustSetUpMfa", False) is False


def test_the_setting_takes_roles_only(supervisor: Browser) -> None:
    for wrong in (["nobody"], ["viewer", "viewer"], "viewer", [1]):
        assert supervisor.put("/settings/mfa_roles", {"value": wrong}, 0).status_code == 422
    assert supervisor.put("/settings/mfa_roles", {"value": ["administrator"]}, 0).json["value"] == ["administrator"]


def test_an_administrator_takes_a_lost_second_factor_away(
    admin: Admin, viewer: Browser, administrator: Browser, enrol: Enrol
) -> None:
    enrol(viewer)
    path = f"/users/{admin.user_ids['viewer']}"
    assert administrator.get(path).json["mfaEnabled"] is True
    assert admin.as_role("supervisor").post(f"{path}/reset-mfa").status_code == 403
    assert administrator.post(f"{path}/reset-mfa").json["mfaEnabled"] is False
    assert viewer.get("/auth/me").status_code == 401
    assert log_in(admin.browser(), "viewer").status_code == 200
    assert admin.world.rows(RecoveryCode) == []
    rows = admin.world.rows(AuditLog, resource="users")
    actions = [(row.who, row.action, row.label) for row in rows if row.action != "forbidden"]
    assert actions == [("user:viewer", "set_up_mfa", "viewer"), ("user:administrator", "reset_mfa", "viewer")]


def test_a_session_alone_changes_nothing_of_the_second_factor(admin: Admin, viewer: Browser, enrol: Enrol) -> None:
    enrol(viewer)
    before = admin.world.rows(PortalUser, name="viewer"), admin.world.rows(RecoveryCode)
    wrong = {"currentPassword": "wrong horse battery"}
    for path in ("enrolment", "recovery-codes", "removal"):
        assert refusal(viewer.post(f"/auth/mfa/{path}", wrong)) == (401, "invalid_credentials")
        admin.now += timedelta(minutes=1)
    assert viewer.post("/auth/mfa/confirmation", {"code": "123456"}).status_code == 422
    assert (admin.world.rows(PortalUser, name="viewer"), admin.world.rows(RecoveryCode)) == before
    assert viewer.post("/auth/mfa/removal", {"currentPassword": PASSWORD}).status_code == 204
    assert log_in(admin.browser(), "viewer").status_code == 200


def test_no_secret_stands_in_the_audit_log_or_in_what_users_are_told(
    admin: Admin, viewer: Browser, administrator: Browser, enrol: Enrol
) -> None:
    secret, codes = enrol(viewer)
    told: list[Any] = [row._asdict() for row in admin.world.rows(AuditLog)]
    told += [administrator.get(path).json for path in ("/users", f"/users/{admin.user_ids['viewer']}", "/auth/me")]
    assert not [one for one in (secret, *codes) if one in str(told)]
