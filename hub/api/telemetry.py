"""What the hub says of itself while it runs: a line a request, and numbers for Prometheus.

A line names the endpoint, who asked, the status and the time; never a path, a query, a header or a body.
"""

from __future__ import annotations

from functools import cache

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from assay.hub.callers import Caller
from assay.protocol.endpoints import Endpoint

log = structlog.get_logger("assay.hub.api")
CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
QUIET = frozenset(("poll", "heartbeat", "get_run", "put_results", "healthz", "readyz", "metrics"))
"""Endpoints that are called all the time: only their refusals are worth a line."""


class Telemetry:
    """Each hub process has one; its registry is its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter(
            "assay_hub_requests", "Answers given.", ("endpoint", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "assay_hub_request_seconds",
            "From the headers of a request to its answer; of a long poll, with its waiting.",
            ("endpoint",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._gone = Counter(
            "assay_hub_clients_gone", "Clients that went away before their answer.", registry=self.registry
        )
        self.connections = Gauge(
            "assay_hub_connections", "Connections that are open.", registry=self.registry
        )
        self._states = Gauge(
            "assay_hub_attempts", "Attempts that are not over, by state.", ("state",), registry=self.registry
        )
        self._oldest = Gauge(
            "assay_hub_oldest_queued_seconds", "How long the oldest queued instruction waits.",
            registry=self.registry,
        )  # fmt: skip
        self._count = cache(lambda name, status: self._requests.labels(name, str(status)))
        self._observe = cache(lambda name: self._seconds.labels(name))

    def done(self, endpoint: Endpoint | None, caller: Caller | None, status: int, seconds: float) -> None:
        name = endpoint.name if endpoint is not None else "none"
        self._count(name, status).inc()
        self._observe(name).observe(seconds)
        if status < 400 and name in QUIET:
            return
        write = log.error if status >= 500 else log.info
        write(
            "request",
            endpoint=name,
            status=status,
            ms=round(seconds * 1000, 1),
            tenant=caller.tenant if caller is not None else "",
            actor=caller.actor if caller is not None else "",
        )

    def gone(self) -> None:
        self._gone.inc()

    def work(self, states: dict[str, int], oldest_s: float) -> None:
        """What waits and runs in the store now."""
        self._states.clear()
        for state, count in states.items():
            self._states.labels(state).set(count)
        self._oldest.set(oldest_s)

    def text(self) -> bytes:
        return generate_latest(self.registry)
