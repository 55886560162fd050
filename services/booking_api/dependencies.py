"""The dependencies of the booking API: those of both web services, and the request log."""

from dataclasses import dataclass
from typing import cast

from flask import Flask

from shared.callbacks.request_log import RequestLog
from shared.web.dependencies import Dependencies, dependencies, dependencies_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDependencies(Dependencies):
    """`request_log` is written a moment later, by a thread of its own; close it before the process ends."""

    request_log: RequestLog


def request_log() -> RequestLog:
    """The log of the requests that book nothing."""
    return cast(BookingDependencies, dependencies()).request_log


def request_log_of(app: Flask) -> RequestLog:
    """The same, outside of a request."""
    return cast(BookingDependencies, dependencies_of(app)).request_log
