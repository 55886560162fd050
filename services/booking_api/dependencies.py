"""The dependencies of the booking API: those of both web services, and the request log."""

from dataclasses import dataclass
from typing import cast

from flask import Flask

from services.booking_api.agents.queues import Queues
from services.booking_api.finesse.client import FinesseClient
from shared.callbacks.request_log import RequestLog
from shared.config import GadgetSettings
from shared.web.dependencies import Dependencies, dependencies, dependencies_of


@dataclass(frozen=True, slots=True)
class Gadget:
    """What the Finesse gadget's routes work with; `queues` are pairs of a queue and a skill."""

    finesse: FinesseClient
    queues: Queues

    @classmethod
    def of(cls, settings: GadgetSettings | None) -> "Gadget | None":
        return cls(FinesseClient(settings), settings.queues) if settings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDependencies(Dependencies):
    """`request_log` is written a moment later, by a thread of its own; close it before the process ends. `gadget` is
    None while the Finesse gadget is off."""

    request_log: RequestLog
    gadget: Gadget | None = None


def gadget() -> Gadget:
    """The gadget's parts, in a request of its routes: they are there while it is on."""
    found = cast(BookingDependencies, dependencies()).gadget
    assert found is not None  # noqa: S101 - else its routes are not registered
    return found


def request_log() -> RequestLog:
    """The log of the requests that book nothing."""
    return cast(BookingDependencies, dependencies()).request_log


def request_log_of(app: Flask) -> RequestLog:
    """The same, outside of a request."""
    return cast(BookingDependencies, dependencies_of(app)).request_log
