"""Who may call the booking API."""

import base64
import time
from contextlib import closing

import pytest
from flask import Blueprint

from services.admin_api.app import create_app as create_admin_app
from services.booking_api.app import create_app
from services.booking_api.dependencies import request_log_of
from shared.db import models
from shared.redis_client import RedisClient
from shared.web.auth import blueprints_without_auth
from shared.web.dependencies import dependencies_of, security_log_of
from shared.web.rate_limits import WRONG_KEYS_PER_MINUTE
from tests.servers.sources import Server
from tests.support.booking_api import Api, add_key, code, web_settings
from tests.support.configured_database import World, phone
from tests.support.json_client import JsonResponse
from tests.support.until import until


def operations(api: Api) -> list[tuple[str, str]]:
    """Every documented operation, with an address that leads to it."""
    return [
        (method.upper(), path.format(skill="Billing", account_number="01HZZZZZZZZZZZZZZZZZZZZZZZ"))
        for path, item in api.contract.document["paths"].items()
        for method in item
        if method != "parameters"
    ]


def challenges(response: JsonResponse) -> list[str]:
    """The schemes that a 401 offers."""
    return [value.partition(" ")[0] for value in response.headers.getlist("WWW-Authenticate")]


def basic(name: str, key: str, encoding: str = "utf-8") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{key}".encode(encoding)).decode()}


def asked_with(api: Api, headers: dict[str, str]) -> JsonResponse:
    return api.get("/api/v1/availability?skill=Billing", headers=headers, key="")


def test_every_operation_needs_a_key(api: Api) -> None:
    for method, path in operations(api):
        response = api.request(method, path, key="")
        assert code(response) == (401, "unauthorized"), f"{method} {path}"
        assert challenges(response) == ["Basic", "Bearer", "ApiKey"]


def test_a_key_is_taken_as_a_header_as_a_bearer_token_and_as_the_password_of_basic(api: Api) -> None:
    odd = add_key(api.world, "odd", "ivr")
    api.world.configure(models.ApiClient, {"name": "Ünit: 1"}, name="odd")

    for headers in (
        {"X-API-Key": api.key},
        {"Authorization": f"Bearer {api.key}"},
        {"Authorization": f"bearer  {api.key}"},
        basic("test-ivr", api.key),
        basic("Test-IVR", api.key),  # names are the same however they are spelt
        basic("ünit: 1", odd),
        basic("Ünit: 1", odd, "latin-1"),
        {"X-API-Key": api.key, "Authorization": "Basic of a proxy"},
        {"X-API-Key": "", "Authorization": f"Bearer {api.key}"},  # a template sends every header
    ):
        assert asked_with(api, headers).status_code == 200, headers


def test_basic_books_and_its_callbacks_are_the_named_client_s(api: Api) -> None:
    booked = api.book(headers=basic("test-ivr", api.key), key="")

    assert booked.status_code == 201
    (event,) = api.world.rows(models.CallbackEvent)
    assert event.who == "client:test-ivr"


@pytest.mark.parametrize(
    ("headers", "offered"),
    [
        ({"X-API-Key": "wrong"}, ["ApiKey"]),
        ({"Authorization": "Bearer wrong"}, ["Bearer"]),
        (basic("test-ivr", "wrong"), ["Basic"]),
        (basic("other", "key-of-test-ivr"), ["Basic"]),
        (basic("", "key-of-test-ivr"), ["Basic"]),
        (basic("test-ivr", ""), ["Basic"]),
        ({"Authorization": "Basic a2V5LW9mLXRlc3QtaXZy"}, ["Basic", "Bearer", "ApiKey"]),  # a key without a name
        ({"Authorization": "Basic !"}, ["Basic", "Bearer", "ApiKey"]),
        ({"Authorization": "Negotiate abc"}, ["Basic", "Bearer", "ApiKey"]),
        ({"Authorization": "Bearer"}, ["Basic", "Bearer", "ApiKey"]),
        ({"X-API-Key": "wrong", "Authorization": "Bearer key-of-test-ivr"}, ["ApiKey"]),
    ],
)
def test_what_proves_nothing_is_401_and_says_how_to_ask(api: Api, headers: dict[str, str], offered: list[str]) -> None:
    response = asked_with(api, headers)

    assert code(response) == (401, "unauthorized")
    assert challenges(response) == offered


def test_wrong_keys_of_an_address_are_limited_on_all_nodes_and_right_ones_and_other_addresses_are_not(
    world: World, redis_server: Server
) -> None:
    with closing(RedisClient(redis_server.address, 1.0)) as cache, closing(Api(world, cache)) as api:
        with closing(RedisClient(redis_server.address, 1.0)) as other_cache:
            other = create_app(web_settings(), database=world.database, cache=other_cache)
        source = {"X-Forwarded-For": "198.51.100.7"}
        until(lambda: time.time() % 60 < 50, timeout=15)  # the minute of the count must not end in between
        wrong = [asked_with(api, {**basic("test-ivr", f"wrong-{number}"), **source})
                 for number in range(WRONG_KEYS_PER_MINUTE)]  # fmt: skip

        assert {code(response) for response in wrong} == {(401, "unauthorized")}
        refused = asked_with(api, {"X-API-Key": "wrong", **source})
        assert code(refused) == (429, "rate_limited")
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        elsewhere = other.test_client().get(
            "/api/v1/availability?skill=Billing", headers={"Authorization": "Bearer wrong", **source}
        )
        assert elsewhere.status_code == 429
        request_log_of(other).close()
        assert asked_with(api, {**basic("test-ivr", api.key), **source}).status_code == 200
        assert asked_with(api, {"X-API-Key": "wrong", "X-Forwarded-For": "198.51.100.8"}).status_code == 401


@pytest.mark.parametrize("wrong", ["wrong", "x" * 5000, "é", "' OR 1=1 --", "KEY-OF-TEST-IVR"])
def test_an_unknown_key_is_401(api: Api, wrong: str) -> None:
    response = api.get("/api/v1/availability?skill=Billing", headers={"X-API-Key": wrong}, key="")

    assert code(response) == (401, "unauthorized")
    assert wrong not in response.text


def test_wrong_keys_and_keys_without_the_scope_are_told_in_the_audit_log_and_a_missing_one_is_not(api: Api) -> None:
    operator = add_key(api.world, "operator", "ops")
    behind_the_balancer = {"X-Forwarded-For": "192.0.2.9"}
    for number in range(30):
        api.get("/api/v1/availability?skill=Billing", headers={"X-API-Key": f"guess-{number}", **behind_the_balancer},
                key="")  # fmt: skip
    api.get("/api/v1/availability?skill=Billing", headers=behind_the_balancer, key="")
    api.get("/api/v1/callbacks?phone=%2B13125550147", headers=behind_the_balancer, key=operator)
    security_log_of(api.app).close()

    rows = api.world.rows(models.AuditLog)
    assert [(row.action, row.who, row.address, row.label, (row.after or {}).get("times", 1)) for row in rows] == [
        *[("api_key_refused", "unknown", "192.0.2.9", "GET /api/v1/availability", 1)] * 5,
        ("forbidden", "client:operator", "192.0.2.9", "GET /api/v1/callbacks", 1),
        ("api_key_refused", "unknown", "192.0.2.9", "GET /api/v1/availability", 25),
    ]
    assert "guess" not in str(rows)
    assert "5550147" not in str(rows)


def test_a_key_in_the_query_is_not_accepted(api: Api) -> None:
    response = api.get(f"/api/v1/availability?skill=Billing&X-API-Key={api.key}&api_key={api.key}", key="")

    assert code(response) == (401, "unauthorized")


def test_a_key_without_the_scope_is_403_on_every_operation(api: Api) -> None:
    ops = add_key(api.world, "operator", "ops")
    nothing = add_key(api.world, "nothing")

    for method, path in operations(api):
        assert code(api.request(method, path, key=ops)) == (403, "forbidden")
        assert code(api.request(method, path, key=nothing)) == (403, "forbidden")


def test_a_key_made_a_moment_ago_works_at_once(api: Api) -> None:
    assert api.availability().status_code == 200  # the snapshot is in memory now
    key = add_key(api.world, "new", "ivr")

    assert until(lambda: api.get("/api/v1/availability?skill=Billing", key=key).status_code == 200, timeout=1)


def test_a_disabled_key_stops_within_a_second_and_works_again_when_it_is_enabled(api: Api) -> None:
    assert api.availability().status_code == 200

    api.world.configure(models.ApiClient, {"enabled": False}, name="test-ivr")
    until(lambda: api.availability().status_code == 401, timeout=1.5)
    api.world.configure(models.ApiClient, {"enabled": True}, name="test-ivr")
    until(lambda: api.availability().status_code == 200, timeout=1.5)


def test_a_removed_scope_stops_within_a_second(api: Api) -> None:
    assert api.availability().status_code == 200

    api.world.configure(models.ApiClient, {"scopes": ["ops"]}, name="test-ivr")

    until(lambda: code(api.availability()) == (403, "forbidden"), timeout=1.5)


def test_authentication_comes_before_the_body_is_looked_at(api: Api) -> None:
    response = api.post("/api/v1/callbacks", data=b"{" * 70_000, key="")

    assert code(response) == (401, "unauthorized")


def test_every_blueprint_of_the_booking_api_has_authentication(api: Api) -> None:
    assert blueprints_without_auth(api.app) == []


def test_every_blueprint_of_the_admin_api_has_authentication(api: Api) -> None:
    app = create_admin_app(web_settings(), database=api.world.database, cache=dependencies_of(api.app).cache)

    assert blueprints_without_auth(app) == []


def test_a_blueprint_without_authentication_is_noticed(api: Api) -> None:
    api.app.blueprints["careless"] = Blueprint("careless", __name__)

    assert blueprints_without_auth(api.app) == ["careless"]


def test_only_health_metrics_and_the_documentation_are_public(api: Api) -> None:
    public = {name for name, blueprint in api.app.blueprints.items() if getattr(blueprint, "auth", None) == "none"}

    assert public == {"health", "metrics", "docs", "api-docs", "gadget_off"}
    assert api.book(phone=phone(), key="").status_code == 401
