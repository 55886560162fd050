"""The product's log during a run: it is part of the trace, and a logged exception is a finding."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import structlog
from structlog.typing import EventDict, WrappedLogger

from tests.simulation.active import ACTIVE

if TYPE_CHECKING:
    from tests.simulation.run import Simulation


@contextmanager
def captured(simulation: "Simulation") -> Iterator[None]:
    """An exception that is logged with its traceback is one that the product did not expect."""

    def listen(_logger: WrappedLogger, method: str, event: EventDict) -> NoReturn:
        name, node = event.get("event"), ACTIVE.node()
        if event.get("exc_info"):
            last = traceback.format_exc(limit=-3).strip()
            simulation.watch.unexpected(f"{name}: {last[-600:]}")
        simulation.scheduler.note(node.name if node else "-", "log", f"{method} {name} {event.get('problem', '')}")
        raise structlog.DropEvent

    logging.disable(logging.CRITICAL)
    structlog.configure(processors=[listen], cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.reset_defaults()
        logging.disable(logging.NOTSET)
