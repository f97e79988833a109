"""Logs: one JSON object a line on standard error, with a time in UTC; on a terminal, lines for people.

What may stand in a line is said where it is written; nothing is taken over from exceptions, as their words may
hold what a request held.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor


def configure(level: str = "info") -> None:
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Processor = structlog.processors.JSONRenderer()
    if sys.stderr.isatty():
        last = structlog.dev.ConsoleRenderer(colors=True)
    structlog.configure(
        processors=[*shared, _named, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # standard error as it is at that moment: a line to one that was closed would end what it tells of
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _take_over(shared, last, number)


def _named(logger: Any, name: str, event: EventDict) -> EventDict:  # noqa: ARG001 - structlog's signature
    return event


def _take_over(shared: list[Processor], last: Processor, number: int) -> None:
    """What libraries log in the standard way: only that something is wrong, without its exception."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name, _without_exception],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))


def _without_exception(logger: Any, name: str, event: EventDict) -> EventDict:  # noqa: ARG001 - structlog's signature
    information = event.pop("exc_info", None)
    if isinstance(information, tuple) and information[0] is not None:
        event["kind"] = information[0].__name__
    return event
