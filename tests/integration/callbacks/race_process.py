"""The process of a race between bookings; a module of its own, so that a spawned process can import it."""

import multiprocessing
import multiprocessing.queues
import multiprocessing.synchronize
import traceback
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from shared.callbacks.booking import book
from shared.callbacks.booking_request import ApiCaller, BookingRequest
from shared.callbacks.config_cache import ConfigCache
from shared.db.session import Database
from shared.errors import DomainError
from tests.support.configured_database import NOW

RequestFields = dict[str, Any]
_TIMEOUT = 60.0


def answer(
    database: Database, config_cache: ConfigCache, request: RequestFields, client_id: int | None, key: str | None
) -> dict[str, Any]:
    """The booking or the refusal as one dictionary."""
    try:
        booking = book(database, config_cache, BookingRequest(**request), ApiCaller(client_id, "ivr", "ivr"), NOW, key)
    except DomainError as refusal:
        return {"code": str(refusal.code), "extra": {**refusal.extra, "alternatives": None}}
    callback = booking.callback
    return {"code": "booked", "account_number": callback.account_number, "start": callback.start.isoformat(),
            "status": callback.status, "replayed": booking.replayed}  # fmt: skip


def race(
    url: str, requests: Sequence[RequestFields], client_id: int | None, key: str | None, processes: int
) -> list[dict[str, Any]]:
    """Let each of `processes` make all `requests` one after the other, all starting together; returns every answer."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes)
    answers: multiprocessing.queues.Queue[Any] = context.Queue()
    running = [
        context.Process(target=_run, args=(url, list(requests), client_id, key, number, ready, answers), daemon=True)
        for number in range(processes)
    ]
    for process in running:
        process.start()
    given = [answers.get(timeout=_TIMEOUT) for _ in running]
    for process in running:
        process.join(_TIMEOUT)
        process.close()
    answers.close()
    answers.join_thread()
    for each in given:
        assert isinstance(each, list), each
    return [one for each in given for one in each]


def _run(
    url: str, requests: list[RequestFields], client_id: int | None, key: str | None, number: int,
    ready: multiprocessing.synchronize.Barrier, answers: "multiprocessing.queues.Queue[Any]",
) -> None:  # fmt: skip
    try:
        with closing(Database(url, timeout=20)) as database:
            config_cache = ConfigCache(database)
            config_cache.current()
            ready.wait(_TIMEOUT)
            answers.put([answer(database, config_cache, _own(request, number), client_id, key) for request in requests])
    except Exception:
        answers.put(traceback.format_exc())


def _own(request: RequestFields, number: int) -> RequestFields:
    """The request with `{n}` in its phone replaced by this process's number."""
    return {**request, "phone": request["phone"].replace("{n}", str(number))}
