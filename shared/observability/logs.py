"""One line per event, JSON by default, the same for our own loggers, uvicorn's and every library's."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import Processor

from shared.observability import context
from shared.observability.redaction import exception_to_fields, redact_event

_SILENT = ("uvicorn.access", "httpx", "httpcore", "sqlalchemy.engine", "sqlalchemy.pool")
"""Loggers that would write addresses with query strings, or statements with values."""


def configure(
    service: str,
    *,
    level: str = "info",
    form: Literal["json", "console"] = "json",
    stream: TextIO | None = None,
) -> None:
    """Route everything that is logged in this process to `stream` (standard output), redacted.

    Called once by the application factory; calling it again replaces what was set.
    """

    def name_service(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        return event

    enrich: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
        _name_request,
        exception_to_fields,
    ]
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *enrich,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream) if stream is not None else _StandardOutput()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=enrich,
            # Redaction comes last, on all that will be written.
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact_event, _writable, render],
        )
    )
    root = logging.getLogger()
    # Others' handlers (a test's, a profiler's) stay; those that would write the same lines unredacted go.
    root.handlers[:] = [*(one for one in root.handlers if type(one) not in _REPLACED), handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _SILENT:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)


class _StandardOutput(logging.StreamHandler[TextIO]):
    """Writes to whatever is standard output at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # an attribute there
        return sys.stdout


_REPLACED = (logging.StreamHandler, _StandardOutput)


def _name_request(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    identity = context.current()
    if identity is not None:
        event["request_id"] = identity.request_id
        event["trace_id"] = identity.trace_id
    return event


def _writable(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Lone surrogates cannot be encoded: a name with one must not break the line that reports it."""
    for name, value in event.items():
        if isinstance(value, str) and not value.isascii():
            event[name] = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return event
