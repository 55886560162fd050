"""The proxy behind gadgets.io.makeRequest: the request leaves from Finesse, not from the browser.

Sources: developer.cisco.com/docs/finesse/apis-available-to-gadget-javascript (the call), Finesse administration guide,
"Third-party gadgets" (the server's certificate must be in Finesse's tomcat-trust). From experience, verify in a lab:
answers to a GET are cached unless the gadget sets REFRESH_INTERVAL to 0; which status stands for an unreachable server.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import requests

_TIMEOUT_SECONDS = 20
_CACHE_SECONDS = "3600"
_MODEST = ("content-type", "retry-after", "location", "x-request-id")  # the headers that are passed back


class Proxy:
    """Trusts the certificates of `trust` alone when it is given."""

    def __init__(self, trust: Path | None) -> None:
        self._verify: str | bool = str(trust) if trust else True
        self._lock = threading.Lock()
        self._cache: dict[tuple[str, str], dict[str, Any]] = {}

    def fetch(self, url: str) -> bytes:
        """A file of a gadget. Raises requests.RequestException."""
        with self._session() as session:
            response = session.get(url, timeout=_TIMEOUT_SECONDS)
            response.raise_for_status()
            return response.content

    def make_request(self, form: Mapping[str, str]) -> dict[str, Any]:
        """What the gadget's callback gets: rc, text, headers, errors."""
        method, url, headers = form.get("httpMethod", "GET"), form["url"], dict(parse_qsl(form.get("headers", "")))
        key = (url, form.get("headers", ""))
        cached = method == "GET" and form.get("refresh", _CACHE_SECONDS) != "0"
        with self._lock:
            if cached and key in self._cache:
                return self._cache[key]
        answer = self._ask(method, url, headers, form.get("postData", ""))
        if cached and answer["rc"] == 200:
            with self._lock:
                self._cache[key] = answer
        return answer

    def _ask(self, method: str, url: str, headers: dict[str, str], body: str) -> dict[str, Any]:
        try:
            with self._session() as session:
                response = session.request(
                    method, url, headers=headers, data=body.encode() or None, timeout=_TIMEOUT_SECONDS,
                    allow_redirects=False,
                )  # fmt: skip
        except requests.Timeout:
            return {"rc": 504, "text": "", "headers": {}, "errors": ["504 Gateway Timeout"]}
        except requests.RequestException:
            return {"rc": 502, "text": "", "headers": {}, "errors": ["502 Bad Gateway"]}
        passed = {name.lower(): [value] for name, value in response.headers.items() if name.lower() in _MODEST}
        errors = [] if response.ok else [f"{response.status_code} Error"]
        return {"rc": response.status_code, "text": response.text, "headers": passed, "errors": errors}

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env, session.verify = False, self._verify
        return session
