"""The IVR of the end-to-end tests: it sends its requests through HAProxy, as CVP does."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from deploy.sandbox.stack import Stack
from deploy.sandbox.ucce_simulator.control_client import Control
from tests.support.until import until

_numbers = itertools.count(random.randrange(2_000_000, 8_000_000))


def phone() -> str:
    """A valid number, another one each time."""
    return f"+1312{next(_numbers):07d}"


def soon(seconds: float = 1) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def control(stack: Stack) -> Control:
    """The simulator's controls, over plain HTTP on loopback."""
    return Control(stack.env["CM_UCCE_URL"].replace("https://", "http://"))


class Ivr:
    """Calls with the demo's IVR key; answers are `requests` responses."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._session = requests.Session()
        self._session.headers["X-API-Key"] = stack.env["CM_IVR_KEY"]

    def get(self, path: str, **query: Any) -> requests.Response:
        return self._session.get(f"{self._stack.url}/api/v1/{path}", params=query, timeout=12)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> requests.Response:
        return self._session.post(f"{self._stack.url}/api/v1/{path}", json=body, headers=headers, timeout=12)

    def book(self, **values: Any) -> dict[str, Any]:
        """Make a booking that must succeed; returns the body of its answer."""
        answer = self.post("callbacks", {"phone": phone(), "start": soon(), "skill": "Billing", **values})
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def status(self, account_number: str) -> str:
        return str(self.get(f"callbacks/{account_number}").json()["status"])

    def wait_for(self, account_number: str, *statuses: str, timeout: float = 30) -> str:
        """Wait until the callback has one of `statuses`; returns it."""

        def reached() -> str | None:
            status = self.status(account_number)
            return status if status in statuses else None

        return until(
            reached,
            timeout=timeout,
            what=f"{account_number} {' or '.join(statuses)}",
        )


class Operator:
    """Requests to the master with the demo's operator key."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._headers = {"X-API-Key": stack.env["CM_OPS_KEY"]}

    def status(self) -> dict[str, Any]:
        answer = requests.get(f"{self._stack.url}/ops/status", headers=self._headers, timeout=12)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body

    def order(self, what: str, body: dict[str, Any] | None = None) -> requests.Response:
        return requests.post(f"{self._stack.url}/ops/{what}", json=body, headers=self._headers, timeout=12)
