"""Connecting to PostgreSQL: one attempt, whatever comes of it, and the server's own code for a refusal."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from assay.protocol.report import Reason
from assay.runner.engines import open_session
from assay.runner.engines.port import EngineError
from tests.runner.conftest import postgres_engine
from tests.support.postgres import Server


@dataclass
class Door:
    """A port before the server's, which counts who comes."""

    port: int
    came: int = 0


@contextmanager
def door(server: Server) -> Iterator[Door]:
    listening = socket.create_server(("127.0.0.1", 0))
    made = Door(listening.getsockname()[1])
    open_: list[socket.socket] = [listening]

    def accept() -> None:
        with suppress(OSError):
            while True:
                visitor = listening.accept()[0]
                made.came += 1
                inside = socket.create_connection((server.host, server.port))
                open_.extend((visitor, inside))
                for one, other in ((visitor, inside), (inside, visitor)):
                    threading.Thread(target=carry, args=(one, other), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield made
    finally:
        for one in open_:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize(
    ("change", "password", "code", "reason"),
    [
        ({}, "wrong-s3cret", "28P01", Reason.PERMISSION),
        ({"user": "nobody-here"}, "x", "28P01", Reason.PERMISSION),
        ({"database": "none such"}, None, "3D000", Reason.CONNECTION),
    ],
)
def test_a_refusal_is_one_attempt_with_the_code_of_the_server(
    postgres_database: Server, change: dict[str, str], password: str | None, code: str, reason: Reason
) -> None:
    source = postgres_engine(postgres_database).source
    with door(postgres_database) as before:
        asked = replace(source, port=before.port, **change)
        with pytest.raises(EngineError) as caught:
            open_session(asked, lookup=lambda _: password or postgres_database.password)
        assert (caught.value.code, caught.value.reason) == (code, reason)
        assert before.came == 1


def test_a_login_is_one_connection(postgres_database: Server) -> None:
    source = postgres_engine(postgres_database).source
    with door(postgres_database) as before:
        session = open_session(replace(source, port=before.port), lookup=lambda _: postgres_database.password)
        assert session.one("SELECT 1", {}) == (1,)
        session.close()
        assert before.came == 1


def test_nobody_listens() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.close()
    server = Server("127.0.0.1", port, "nobody", "x", "nothing")
    with pytest.raises(EngineError) as caught:
        open_session(postgres_engine(server).source, lookup=lambda _: "x")
    assert (caught.value.code, caught.value.reason) == ("OperationalError", Reason.CONNECTION)
