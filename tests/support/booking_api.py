"""The booking API on a test's database, called as an IVR calls it. Every answer is checked against the
OpenAPI document.
"""

import base64
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from deploy.sandbox.finesse.handle import FinesseFake
from services.booking_api.app import create_app
from services.booking_api.dependencies import BookingDependencies, Gadget, request_log_of
from shared.callbacks.request_log import RequestLog
from shared.config import GadgetSettings, WebSettings
from shared.db import models
from shared.db.session import Database
from shared.redis_client import RedisClient
from shared.web.app import build_dependencies
from shared.web.auth import key_hash
from shared.web.dependencies import dependencies_of
from tests.support.app_pool import AppPool
from tests.support.configured_database import NOW, World, phone
from tests.support.json_client import JsonClient, JsonResponse

NO_REDIS = "redis://127.0.0.1:1/0"  # refuses at once: limits are open
SLOT = "2026-11-23T09:00:00-06:00"  # an hour from NOW, in the pool's zone
START = "2026-11-23T09:10:00-06:00"


def web_settings(**changes: Any) -> WebSettings:
    """Settings of a web service as a test needs them."""
    usual: dict[str, Any] = {
        "node": "test",
        "database_url": "sqlite:///unused",
        "database_pool_size": 8,
        "database_timeout": 3.0,
        "database_login_timeout": 3.0,
        "redis_url": NO_REDIS,
        "redis_timeout": 0.25,
        "log_level": "INFO",
        "log_format": "json",
        "gadget": None,
        "body_limit": 64 * 1024,
        "api_docs": True,
        "drain": 0.0,
        "booking_deadline": 30.0,  # a test machine may be busy
        "admin_deadline": 30.0,
        "phone_hash_key": "",
    }
    return WebSettings(**{**usual, **changes})


def add_key(world: World, name: str, *scopes: str, **values: Any) -> str:
    """Make an API client as an administrator would; its key is returned."""
    key = f"key-of-{name}"
    world.add(
        models.ApiClient,
        **{
            "name": name,
            "key_hash": key_hash(key),
            "key_hint": key[-4:],
            "scopes": list(scopes),
            "enabled": True,
            "changed_at": NOW,
            "version": 1,
            **values,
        },
    )
    return key


_apps = AppPool()


def _built(settings: WebSettings, database: Database, cache: RedisClient) -> Flask:
    app = create_app(settings, database=database, cache=cache)
    request_log_of(app).close()  # each test gives it one of its own
    return app


class Api:
    """The booking API in this process. Its clock stands at `now`; `key` is of an IVR."""

    def __init__(self, world: World, cache: RedisClient, **settings: Any) -> None:
        self.world, self.now = world, NOW
        self.key = add_key(world, "test-ivr", "ivr")
        how, database = web_settings(**settings), world.database
        parts = build_dependencies(
            BookingDependencies, how, database, cache, lambda: self.now, request_log=RequestLog(database),
            gadget=Gadget.of(how.gadget),
        )  # fmt: skip
        self._node = _apps.take(how, lambda: _built(how, database, cache), parts)
        self.app, self.contract = self._node.app, self._node.contract
        self.client = JsonClient(self.app)

    def request(self, method: str, path: str, *, key: str | None = None, **how: Any) -> JsonResponse:
        """Send a request with `key` (default: the IVR's; empty: none). `how` goes to Flask's test client."""
        headers = {**({"X-API-Key": self.key if key is None else key} if key != "" else {}), **how.pop("headers", {})}
        response = self.client.open(path, method=method, headers=headers, **how)
        self.contract.check(method, path, response)
        return response

    def get(self, path: str, **how: Any) -> JsonResponse:
        return self.request("GET", path, **how)

    def post(self, path: str, **how: Any) -> JsonResponse:
        return self.request("POST", path, **how)

    def availability(self, **query: Any) -> JsonResponse:
        return self.get("/api/v1/availability", query_string={"skill": "Billing", **query})

    def book(self, *, headers: dict[str, str] | None = None, key: str | None = None, **body: Any) -> JsonResponse:
        """Book an hour from NOW for an unused number; fields of `body` that are None are left out."""
        full = {"phone": phone(), "start": START, "skill": "Billing", **body}
        sent = {name: value for name, value in full.items() if value is not None}
        return self.post("/api/v1/callbacks", json=sent, headers=headers or {}, key=key)

    def booked(self, **body: Any) -> str:
        """The account number of a new booking."""
        response = self.book(**body)
        assert response.status_code == 201, response.text
        booking: Any = response.json
        return str(booking["accountNumber"])

    def flush(self) -> None:
        """Write the request rows that wait for their batch."""
        request_log_of(self.app).close()

    def close(self) -> None:
        self.flush()
        dependencies_of(self.app).key_uses.close()
        _apps.give_back(self._node)


def utc(text: str) -> datetime:
    """The instant of an ISO 8601 text with an offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    """The booking API on the test's database, without Redis and with the gadget off."""
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(world, cache)) as running:
        yield running


@pytest.fixture
def gadget_api(world: World, finesse: FinesseFake) -> Iterator[Api]:
    """The same with the gadget on, and two agents in Finesse."""
    gadget = GadgetSettings(finesse.urls, str(finesse.ca_file), 3.0, (("Billing_PQ", "Billing"),))
    for agent_id, password in PASSWORDS.items():
        finesse.control.agent(agent_id, password=password, firstName="Ada", lastName="Byron", extension=f"3{agent_id}")
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(world, cache, gadget=gadget)) as running:
        yield running


PASSWORDS = {"1042": "pass-of-1042", "1043": "pass-of-1043"}  # of the agents


def authorization(agent_id: str, password: str | None = None) -> str:
    """What Finesse gives an agent's gadgets."""
    return base64.b64encode(f"{agent_id}:{password or PASSWORDS[agent_id]}".encode()).decode()


class AgentDesk:
    """The gadget of an agent of `gadget_api` that has logged in."""

    def __init__(self, api: Api, finesse: FinesseFake, agent_id: str) -> None:
        self.api, self.finesse, self.agent_id = api, finesse, agent_id
        self.authorization = authorization(agent_id)
        session = api.post("/api/v1/gadget/session", key="",
                           json={"agentId": agent_id, "authorization": self.authorization})  # fmt: skip
        assert session.status_code == 200, session.text
        self.session = session.json
        self.token = str(session.json["token"])

    def request(self, method: str, path: str, *, headers: dict[str, str] | None = None, **how: Any) -> JsonResponse:
        bearer = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.api.request(method, path, key="", headers=bearer, **how)

    def work_on(self, dialog_id: str, **more: Any) -> JsonResponse:
        body = {"dialogId": dialog_id, "authorization": self.authorization, **more}
        return self.request("PUT", "/api/v1/gadget/session/call", json=body)

    def call_in(self, number: str, queue: str = "") -> JsonResponse:
        """A call of `number` rings, and the agent works on it."""
        return self.work_on(self.finesse.control.call_in(self.agent_id, number, queue))

    def book(self, *, headers: dict[str, str] | None = None, **body: Any) -> JsonResponse:
        full = {"phone": phone(), "start": START, "skill": "Billing", **body}
        return self.request("POST", "/api/v1/callbacks", json=full, headers=headers)

    def booked(self, **body: Any) -> str:
        answer = self.book(**body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["accountNumber"])


def code(response: Any) -> tuple[int, str]:
    """The status of a problem and its code."""
    return response.status_code, response.json["code"]
