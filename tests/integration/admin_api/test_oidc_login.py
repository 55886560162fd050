"""Login by OpenID Connect, against the provider of tests/oidc_provider."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.self_signed import self_signed
from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.settings import DirectorySettings
from shared.db.models import PortalUser
from shared.redis_client import RedisClient
from shared.web.rate_limits import LOGINS_PER_MINUTE
from tests.servers.oidc import REDIRECT_URI, OidcServer
from tests.servers.sources import Server
from tests.support.admin_api import Admin
from tests.support.oidc_login import OPERATOR, Start, audited, come_back, log_in, nodes_with, refusal, settings_of


@pytest.fixture
def browser_of(admin: Admin) -> Iterator[Start]:
    """A browser at a node with these settings; nodes with equal settings share the provider's documents and keys."""
    with nodes_with(admin) as start:
        yield start


def test_a_person_of_the_provider_gets_an_account_at_the_first_login(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("Anna", {"groups": ["others", OPERATOR], "name": "Anna Ames"})
    browser = browser_of(settings_of(oidc_server))
    answer = log_in(browser, oidc_server, "Anna")
    assert refusal(answer) == "none"
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("cm_session="))
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    me = browser.get("/auth/me").json
    assert (me["name"], me["displayName"], me["role"], me["source"]) == ("anna", "Anna Ames", "operator", "oidc")
    assert browser.post("/auth/logout").status_code == 204
    (made,), (login,) = audited(admin, "create"), audited(admin, "login")
    assert (made.who, login.who, login.after["source"]) == ("directory:oidc", "user:anna", "oidc")
    again = browser_of(settings_of(oidc_server))
    log_in(again, oidc_server, "Anna")
    assert len(admin.world.rows(PortalUser, name="anna")) == 1


def test_the_browser_is_sent_with_pkce_state_and_nonce(oidc_server: OidcServer, browser_of: Start) -> None:
    begun = browser_of(settings_of(oidc_server, response_mode="form_post")).get("/auth/oidc/login")
    query = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_mode"] == ["form_post"]
    assert query["redirect_uri"] == [REDIRECT_URI]
    assert len(query["state"][0]) == len(query["nonce"][0]) == 64
    assert len({query["state"][0], query["nonce"][0], query["code_challenge"][0]}) == 3
    (cookie,) = begun.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))
    assert not any(word[0] in cookie for word in (query["state"], query["nonce"]))


def test_an_answer_by_form_post_is_finished_by_the_get_that_follows(oidc_server: OidcServer, browser_of: Start) -> None:
    oidc_server.set_person("fiona", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(oidc_server))
    query = parse_qs(urlsplit(come_back(browser, oidc_server, "fiona")).query)
    form = {name: values[0] for name, values in query.items()}
    posted = browser.client.post("/admin/api/v1/auth/oidc/callback", data={**form, "evil": "https://x.example"})
    assert (posted.status_code, "evil" in posted.headers["Location"]) == (303, False)
    assert refusal(browser.request("GET", posted.headers["Location"])) == "none"
    assert browser.get("/auth/me").json["name"] == "fiona"


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"groups": ["others"]}, "no_group"),
        ({"groups": []}, "no_group"),
        ({}, "no_group"),
        ({"groups": OPERATOR.upper()}, "no_group"),
        ({"groups": [OPERATOR], "preferred_username": "n" * 65}, "unusable_name"),
    ],
)
def test_who_may_not_use_the_portal_is_told_why(
    admin: Admin, oidc_server: OidcServer, browser_of: Start, claims: dict[str, Any], word: str
) -> None:
    oidc_server.set_person("otto", claims)
    browser = browser_of(settings_of(oidc_server))
    assert refusal(log_in(browser, oidc_server, "otto")) == word
    assert browser.get("/auth/me").status_code == 401
    assert admin.world.rows(PortalUser, name="otto") == []
    (failed,) = audited(admin, "login_failed")
    assert (failed.after["source"], failed.after["reason"]) == ("oidc", word)
    sentences = {item["code"]: item["detail"] for item in browser.get("/auth/oidc/refusals").json["items"]}
    assert word in sentences


def test_a_code_is_good_for_one_login_of_the_browser_that_asked(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("rosa", {"groups": [OPERATOR]})
    browser, thief = browser_of(settings_of(oidc_server)), browser_of(settings_of(oidc_server))
    back = come_back(browser, oidc_server, "rosa")
    seed = browser.client.get_cookie("cm_oidc")
    assert seed is not None
    assert refusal(thief.request("GET", back)) == "attempt_expired"
    thief.get("/auth/oidc/login")  # an attempt of the thief's own
    assert refusal(thief.request("GET", back)) == "attempt_expired"
    assert refusal(browser.request("GET", back)) == "none"
    assert browser.client.get_cookie("cm_oidc") is None
    assert refusal(browser.request("GET", back)) == "attempt_expired"
    browser.client.set_cookie("cm_oidc", seed.value)
    assert refusal(browser.request("GET", back)) == "code_refused"
    # To redeem a code twice ends what was granted for it (RFC 6749, 4.1.2): the first login ends at its next check.
    admin.now += timedelta(minutes=4)
    assert browser.get("/auth/me").status_code == 401


def test_a_stolen_code_in_an_attempt_of_the_thiefs_own_is_refused_by_pkce(
    oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("vera", {"groups": [OPERATOR]})
    victim, thief = browser_of(settings_of(oidc_server)), browser_of(settings_of(oidc_server))
    code = parse_qs(urlsplit(come_back(victim, oidc_server, "vera")).query)["code"][0]
    begun = thief.get("/auth/oidc/login")
    state = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]
    answer = thief.get("/auth/oidc/callback", code=code, state=state)
    assert refusal(answer) == "code_refused"


def test_an_answer_of_another_issuer_or_with_an_error_is_no_login(oidc_server: OidcServer, browser_of: Start) -> None:
    oidc_server.set_person("ida", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(oidc_server))
    query = parse_qs(urlsplit(come_back(browser, oidc_server, "ida")).query)
    code, state = query["code"][0], query["state"][0]
    seed = browser.client.get_cookie("cm_oidc")
    assert seed is not None
    mixed_up = browser.get("/auth/oidc/callback", code=code, state=state, iss="https://evil.example")
    assert refusal(mixed_up) == "bad_token"
    browser.client.set_cookie("cm_oidc", seed.value)
    denied = browser.get("/auth/oidc/callback", error="access_denied", error_description="<b>x</b>", state=state)
    assert refusal(denied) == "denied"


@pytest.mark.parametrize("minutes", [-10, 120])
def test_clocks_that_differ_are_named(admin: Admin, oidc_server: OidcServer, browser_of: Start, minutes: int) -> None:
    oidc_server.set_person("cleo", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(oidc_server))
    admin.now += timedelta(minutes=minutes)
    assert refusal(log_in(browser, oidc_server, "cleo")) == "clock_differs"
    admin.now += timedelta(minutes=-minutes, seconds=-45)  # within what is allowed
    assert refusal(log_in(browser, oidc_server, "cleo")) == "none"


def test_new_keys_of_the_provider_are_read(own_oidc_server: OidcServer, browser_of: Start) -> None:
    settings = settings_of(own_oidc_server)
    browser = browser_of(settings)
    for _ in range(2):
        own_oidc_server.set_person("kira", {"groups": [OPERATOR]})
        assert refusal(log_in(browser, own_oidc_server, "kira")) == "none"
        own_oidc_server.process.stop()
        own_oidc_server.process.start()  # it makes itself new keys
        own_oidc_server.process.wait_ready()


def test_a_provider_with_another_authoritys_certificate_is_not_asked(
    oidc_server: OidcServer, browser_of: Start, tmp_path: Any
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(self_signed("another authority")[0])
    browser = browser_of(settings_of(oidc_server, ca_file=str(other)))
    assert refusal(browser.get("/auth/oidc/login")) == "provider_down"


def test_a_wrong_client_secret_is_the_providers_failure_and_not_the_persons(
    oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("wanda", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(oidc_server, client_secret="wrong"))
    assert refusal(log_in(browser, oidc_server, "wanda")) == "provider_down"


def test_a_browser_is_never_shown_an_error_of_the_api(
    admin: Admin, oidc_server: OidcServer, redis_server: Server
) -> None:
    with closing(RedisClient(redis_server.address, 0.5)) as cache:
        directories = Directories(DirectorySettings(oidc=settings_of(oidc_server)))
        browser = admin.browser(admin.node(cache, directories))
        # Twice the limit: a minute of the clock may end between two of them.
        words = [refusal(browser.get("/auth/oidc/callback")) for _ in range(2 * LOGINS_PER_MINUTE + 1)]
    assert set(words) == {"attempt_expired", "too_many_logins"}


def test_without_a_provider_there_is_nothing_to_go_to(admin: Admin) -> None:
    browser = admin.browser()
    for path in ("/auth/oidc/login", "/auth/oidc/callback"):
        assert browser.get(path).status_code == 404
