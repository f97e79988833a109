"""Carries connections from a port of one network namespace to a port of another, inside the box.

A socket belongs to the namespace that it was made in: the listener comes from one, and this process makes its own
connections in the other. Nothing is copied into Python: the kernel splices through a pipe.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading

CHUNK = 1 << 16


def forward(listener: socket.socket, target: tuple[str, int]) -> None:
    """Serves until the process is killed."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_carry, args=(connection, target), daemon=True).start()


def _carry(connection: socket.socket, target: tuple[str, int]) -> None:
    with contextlib.suppress(OSError), connection, socket.create_connection(target, timeout=10) as other:
        other.settimeout(None)
        for each in (connection, other):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=_pump, args=(other, connection), daemon=True)
        back.start()
        _pump(connection, other)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """One direction, to its end; the other may go on."""
    reader, writer = os.pipe()
    try:
        while count := os.splice(source.fileno(), writer, CHUNK):
            while count:
                count -= os.splice(reader, sink.fileno(), count)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        # reset by one side: the other must not wait for more
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
    finally:
        os.close(reader)
        os.close(writer)
