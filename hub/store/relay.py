"""Wake-ups between hub processes that share a PostgreSQL: LISTEN and NOTIFY, many in one message.

NOTIFY inside the transactions themselves would make their commits wait for each other; so a thread sends what
was woken in the last moment, on a connection of its own. Without a connection, wake-ups are lost and those who
wait find out when their time is up.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Iterable

import psycopg
import structlog

from assay.hub.address import conninfo
from assay.hub.store.wake import Wakeups

CHANNEL = "assay_wake"
PAUSE_S = 0.05
AGAIN_S = 2.0
LONGEST = 7_000
"""Bytes of a message; PostgreSQL takes 8,000."""
log = structlog.get_logger("assay.hub.store")


class Relay:
    def __init__(self, address: str, wakeups: Wakeups) -> None:
        self._conninfo = conninfo(address)
        self._wakeups = wakeups
        self._own = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._out: dict[str, None] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="hub-relay", daemon=True)
        self._thread.start()
        wakeups.relay = self.send

    def send(self, topics: Iterable[str]) -> None:
        with self._lock:
            self._out.update(dict.fromkeys(topics))

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(
                    self._conninfo, autocommit=True, connect_timeout=5, application_name="assay-hub-relay"
                ) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._pass_on(connection)
            except psycopg.Error as error:
                log.warning("wake-ups of other hub processes are not heard", kind=type(error).__name__)
                self._stop.wait(AGAIN_S)

    def _pass_on(self, connection: psycopg.Connection) -> None:
        while not self._stop.is_set():
            for note in connection.notifies(timeout=PAUSE_S):
                sender, _, topics = note.payload.partition(" ")
                if sender != self._own:
                    self._wakeups.hear(json.loads(topics))
            for message in self._messages():
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, message))

    def _messages(self) -> list[str]:
        with self._lock:
            topics, self._out = list(self._out), {}
        messages: list[str] = []
        while topics:
            part: list[str] = []
            size = len(self._own) + 3
            while topics and size + len(topics[-1]) + 4 <= LONGEST:
                size += len(topics[-1]) + 4
                part.append(topics.pop())
            messages.append(f"{self._own} {json.dumps(part)}")
        return messages
