"""Structured logs: a line of JSON each, to standard error. Facts are codes, ids and numbers: no text of a contract,
no document, no word of a database or of the API server has a way into one."""

from __future__ import annotations

import logging
import sys

import structlog

LEVELS = ("debug", "info", "warning", "error")


def configure(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # standard error as it is at that moment: a line to one that was closed would end what it tells of
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # urllib3 and kubernetes tell addresses and headers through the standard library's logging.
    logging.getLogger().addHandler(logging.NullHandler())
