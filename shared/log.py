"""Logging: structured lines on stdout, for the library loggers too."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# E.164 wherever it turns up: in our own lines, a library's, or an error text of the database.
_PHONE = re.compile(r"\+\d{5,13}(\d{2})(?!\d)")


def configure(level: str, form: str, *, service: str, node: str) -> None:
    """Send every log line to stdout as JSON (`form="json"`) or for reading (`form="console"`).

    `service` and `node` stand in every line, so that the lines of several nodes can be mixed.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                _add_service_and_node(service, node),
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _mask_phones,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # gunicorn brings a handler of its own that writes other lines to another stream.
    server = logging.getLogger("gunicorn.error")
    server.handlers.clear()
    server.propagate = True
    for chatty in ("kazoo", "urllib3", "alembic"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def _add_service_and_node(service: str, node: str) -> Any:
    def add(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
        line["service"], line["node"] = service, node
        return line

    return add


def _mask_phones(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        if isinstance(value, str) and "+" in value:
            line[name] = _PHONE.sub(r"…\1", value)
    return line
