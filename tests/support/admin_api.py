"""The admin API on a test's database, called as the portal calls it. Every answer is checked against the OpenAPI
document.
"""

import functools
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from services.admin_api.app import PREFIX, create_app, job_runner
from services.admin_api.identity import passwords
from services.admin_api.identity.directory.dependencies import AdminDependencies
from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.settings import DirectorySettings
from services.admin_api.identity.roles import Role
from services.admin_api.identity.sessions import COOKIE
from shared.db import models
from shared.redis_client import RedisClient
from shared.web.app import build_dependencies
from tests.support.app_pool import AppPool, Node
from tests.support.booking_api import NO_REDIS, web_settings
from tests.support.configured_database import NOW, World
from tests.support.json_client import JsonClient, JsonResponse

PASSWORD = "correct horse battery"
NO_DIRECTORIES = Directories(DirectorySettings())


class Browser:
    """One person's browser: keeps the cookie, sends the CSRF token with writes."""

    def __init__(self, admin: "Admin", client: JsonClient) -> None:
        self.admin, self.client = admin, client
        self.csrf = ""

    def log_in(self, name: str, password: str = PASSWORD, source: str = "local", **how: Any) -> JsonResponse:
        body = {"name": name, "password": password, **({} if source == "local" else {"source": source})}
        response = self.post("/auth/login", body, **how)
        self.csrf = response.json.get("csrfToken", "")
        return response

    def request(self, method: str, path: str, body: Any = None, *, version: Any = None, **how: Any) -> JsonResponse:
        """`version` goes into If-Match; `how` as Flask's test client takes it."""
        headers = {"X-CSRF-Token": self.csrf} if method != "GET" and self.csrf else {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        headers |= how.pop("headers", {})
        if body is not None:
            how["json"] = body
        full = path if path.startswith("/admin") else PREFIX + path
        response = self.client.open(full, method=method, headers=headers, **how)
        self.admin.contract.check(method, full, response)
        return response

    @property
    def session_token(self) -> str:
        """The value of the cookie of its session."""
        cookie = self.client.get_cookie(COOKIE)
        assert cookie is not None
        return cookie.value

    def job(self, accepted: JsonResponse) -> Any:
        """The job that a request began, after every job has been run."""
        assert accepted.status_code == 202, accepted.text
        assert accepted.headers["Location"] == f"{PREFIX}/jobs/{accepted.json['id']}"
        self.admin.run_jobs()
        return self.get(f"/jobs/{accepted.json['id']}").json

    def get(self, path: str, **query: Any) -> JsonResponse:
        return self.request("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, **how: Any) -> JsonResponse:
        return self.request("POST", path, body, **how)

    def put(self, path: str, body: Any, version: Any = None, **how: Any) -> JsonResponse:
        return self.request("PUT", path, body, version=version, **how)

    def delete(self, path: str, version: Any = None, **how: Any) -> JsonResponse:
        return self.request("DELETE", path, version=version, **how)


_apps = AppPool()


class Admin:
    """The admin API in this process. Its clock stands at `now`; a user of each role exists, named after it."""

    def __init__(self, world: World, cache: RedisClient, **settings: Any) -> None:
        self.world, self.cache, self.now = world, cache, NOW
        self._nodes: list[Node] = []
        self.app = self.node(cache, **settings)
        self.contract = self._nodes[0].contract
        self.user_ids: dict[str, int] = {role: self.add_user(role, role) for role in Role}

    def node(self, cache: RedisClient, directories: Directories = NO_DIRECTORIES, **settings: Any) -> Flask:
        """Another node on the same database."""
        how, database, now = web_settings(**settings), self.world.database, lambda: self.now
        parts = build_dependencies(AdminDependencies, how, database, cache, now, directories=directories)
        node = _apps.take(how, lambda: create_app(how, database=database, cache=cache, now=now), parts)
        self._nodes.append(node)
        return node.app

    def run_jobs(self) -> None:
        """Run the jobs that wait, in the thread of the test."""
        runner = job_runner(self.app, "node-1")
        while runner.run_next():
            pass

    def close(self) -> None:
        for node in self._nodes:
            _apps.give_back(node)

    def add_user(self, name: str, role: str, **values: Any) -> int:
        stamp = {"password_changed_at": NOW, "changed_at": NOW, "version": 1, "must_change": False, "enabled": True,
                 "session_generation": 1}  # fmt: skip
        row = {**stamp, "password_hash": hashed(PASSWORD), "display_name": name.title(), **values}
        return int(self.world.add(models.PortalUser, name=name, role=role, **row))

    def browser(self, app: Any = None) -> Browser:
        """A browser that is not logged in."""
        return Browser(self, JsonClient(app or self.app))

    def as_role(self, role: str, app: Any = None) -> Browser:
        """A browser with this role's user logged in."""
        browser = self.browser(app)
        assert browser.log_in(role).status_code == 200
        return browser


@functools.cache
def hashed(password: str) -> str:
    """The hash of a password, computed once for all tests: hashing is slow by design."""
    return passwords.hash_password(password)


@pytest.fixture
def admin(world: World) -> Iterator[Admin]:
    """The admin API on the test's database, without Redis."""
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Admin(world, cache)) as running:
        yield running


@pytest.fixture
def supervisor(admin: Admin) -> Browser:
    return admin.as_role(Role.SUPERVISOR)


@pytest.fixture
def operator(admin: Admin) -> Browser:
    return admin.as_role(Role.OPERATOR)


@pytest.fixture
def viewer(admin: Admin) -> Browser:
    return admin.as_role(Role.VIEWER)


@pytest.fixture
def administrator(admin: Admin) -> Browser:
    return admin.as_role(Role.ADMINISTRATOR)
