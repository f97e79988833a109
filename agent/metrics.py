"""Numbers for Prometheus. No label has a value that a contract, a hub or a database could choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

PREFIX = "assay_agent_"


class Metrics:
    """One set for one agent, in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        own: CollectorRegistry = CollectorRegistry()

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(PREFIX + name, meaning, labels, registry=own)

        def gauge(name: str, meaning: str) -> Gauge:
            return Gauge(PREFIX + name, meaning, registry=own)

        self.registry = own
        self.polls = counter("polls", "Polls of the hub, by how they ended.", "result")
        self.last_poll = gauge("last_poll_timestamp_seconds", "When the last good poll ended.")
        self.in_flight = gauge("attempts_in_flight", "Attempts that take a slot.")
        self.free = gauge("slots_free", "Slots that are not taken.")
        self.delivered = counter("deliveries", "Attempts leased to this agent.")
        self.created = counter("jobs_created", "Jobs created.")
        self.adopted = counter("jobs_adopted", "Jobs that were there already and taken over.")
        self.completed = counter(
            "attempts_completed", "Attempts whose end the hub heard.", "outcome", "reason"
        )
        self.released = counter("attempts_released", "Attempts given back.", "reason")
        self.quarantined = counter("quarantined", "Objects that could not be handled.")
        self.requests = counter(
            "cluster_requests",
            "Requests to the API server; status 0 is no answer.",
            "method",
            "resource",
            "status",
        )
        self.handling = Histogram(
            PREFIX + "handling_seconds",
            "What a handler took.",
            ("handler",),
            registry=own,
            buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
        )

    def request(self, method: str, resource: str, status: int) -> None:
        self.requests.labels(method, resource, str(status)).inc()

    def text(self) -> bytes:
        from prometheus_client import generate_latest

        return generate_latest(self.registry)
