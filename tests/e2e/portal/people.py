"""Users of the portal of a running stack. The first one is made with the command for the first administrator."""

import os
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

API = "/admin/api/v1"
PASSWORD = "correct horse battery 9"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    password: str = PASSWORD


def make_administrator(env: Mapping[str, str], name: str) -> Person:
    """With the command that makes the first administrator; `env` is the stack's."""
    subprocess.run(
        [sys.executable, "-m", "services.admin_api.identity.create_admin", "--password-stdin", name],
        env={**os.environ, **env},
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
        timeout=60,
    )
    return Person(name)


class _FromElsewhere(HTTPAdapter):
    """Connects from another loopback address."""

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(f"127.0.0.{random.randrange(2, 250)}", 0), **more)


class AdminApi:
    """A session with the admin API, for requests of a test beside the page."""

    def __init__(self, url: str, person: Person) -> None:
        self._url = url + API
        self._session = requests.Session()
        # Logins are limited per address: this address differs from the browser's.
        self._session.mount("http://", _FromElsewhere())
        me = self.call("POST", "/auth/login", {"name": person.name, "password": person.password})
        self._session.headers["X-CSRF-Token"] = me["csrfToken"]

    def call(self, method: str, path: str, body: object = None, tag: str = "") -> dict[str, Any]:
        """The body of the answer. Raises HTTPError for an error status."""
        headers = {"If-Match": tag} if tag else {}
        response = self._session.request(method, self._url + path, json=body, headers=headers, timeout=10)
        response.raise_for_status()
        return response.json() if response.content else {}

    @property
    def cookie(self) -> str:
        """The session's cookie, for a browser that continues this session."""
        return str(self._session.cookies["cm_session"])

    def tag(self, path: str) -> str:
        """The ETag of a resource."""
        response = self._session.get(self._url + path, timeout=10)
        response.raise_for_status()
        return response.headers["ETag"]

    def make_user(self, name: str, role: str) -> Person:
        """Make a user who need not change the first password."""
        self.call("POST", "/users", {"name": name, "displayName": name.title(), "role": role, "enabled": True,
                                     "password": f"{PASSWORD} first"})  # fmt: skip
        theirs = AdminApi(self._url.removesuffix(API), Person(name, f"{PASSWORD} first"))
        theirs.call("POST", "/auth/password", {"currentPassword": f"{PASSWORD} first", "newPassword": PASSWORD})
        return Person(name)
