"""The flat calls, called as a voice application calls them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from services.booking_api.app import create_app
from services.booking_api.dependencies import BookingDependencies, request_log_of
from services.booking_api.ivr.schemas import MAX_SLOTS
from shared.callbacks.request_log import RequestLog
from shared.web.app import build_dependencies
from shared.web.dependencies import dependencies_of, register_dependencies
from tests.support.booking_api import Api, web_settings
from tests.support.configured_database import phone
from tests.support.json_client import JsonClient, JsonResponse

PREFIX = "/api/v1/ivr"


class Voice:
    """Each call sends what it is given, with the skill Billing, and for a booking a number that nobody else has."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def offer(self, **query: Any) -> JsonResponse:
        asked = {"skill": "Billing", "phone": phone(), **query}
        return self.api.get(f"{PREFIX}/offer", query_string=_sent(asked))

    def book(self, *, query: str = "", headers: dict[str, str] | None = None, **body: Any) -> JsonResponse:
        return self.api.post(f"{PREFIX}/book{query}", json=_sent({"phone": phone(), **body}), headers=headers or {})

    def callback(self, account: str, **query: Any) -> JsonResponse:
        return self.api.get(f"{PREFIX}/callback", query_string={"account": account, **query})

    def decline(self, **body: Any) -> JsonResponse:
        return self.api.post(f"{PREFIX}/decline", json=body)

    def report(
        self, account: str, outcome: str, *, as_form: bool = False, always200: str = "", **more: str
    ) -> JsonResponse:
        body = {"account": account, "outcome": outcome, **more}
        return self.api.post(
            f"{PREFIX}/agent-outcome", query_string={"always200": always200}, **{"data" if as_form else "json": body}
        )


@contextmanager
def another_node(api: Api) -> Iterator[JsonClient]:
    """A second node on the same database and clock: its own app, with nothing in memory."""
    database, cache, settings = api.world.database, dependencies_of(api.app).cache, web_settings()
    app = create_app(settings, database=database, cache=cache)
    request_log_of(app).close()
    parts = build_dependencies(
        BookingDependencies, settings, database, cache, lambda: api.now, request_log=RequestLog(database)
    )
    register_dependencies(app, parts)
    yield JsonClient(app)
    request_log_of(app).close()
    dependencies_of(app).key_uses.close()


def _sent(fields: dict[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in fields.items() if value is not None}


def starts(answer: dict[str, Any]) -> list[str]:
    """The offered starts in order; the fields of the slots beyond them are empty."""
    offered = [answer[f"slot{number}Start"] for number in range(1, MAX_SLOTS + 1)]
    count = answer["count"]
    assert all(offered[:count])
    for number in range(count + 1, MAX_SLOTS + 1):
        own = [value for name, value in answer.items() if name.startswith(f"slot{number}")]
        assert sorted(map(str, own)) == ["", "", "", "", "", "", "0"]
    return offered[:count]


def local_times(answer: dict[str, Any]) -> list[str]:
    """The offered starts as day and time, such as `24 08:30`."""
    return [f"{datetime.fromisoformat(start):%d %H:%M}" for start in starts(answer)]
