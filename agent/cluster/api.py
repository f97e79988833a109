"""One request to the API server: bytes there and back, every wait and every size limited, `Refused` for a no."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from assay.agent.cluster.answers import Kind, Refused, refusal
from assay.agent.cluster.connect import ConnectError, Login
from assay.protocol import decoding

T = TypeVar("T")
MAX_ANSWER = 64 << 20
"""Bytes of an answer; the largest is a page of 500 pods."""
MAX_LINE = 4 << 20
"""Bytes of one event of a watch; an object has 1.5 MiB at most."""
_CHUNK = 1 << 16
_ACCEPT = "application/json, application/jwk-set+json"
MERGE = "application/merge-patch+json"
_NO_QUERY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Answered:
    """warnings: the text of `Warning` headers."""

    body: bytes
    warnings: str = ""

    def read(self, kind: type[T]) -> T:
        """Raises Refused(GARBAGE)."""
        try:
            return decoding.decode(self.body, kind)
        except (ValueError, RecursionError):
            raise Refused(Kind.GARBAGE) from None


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds: for a connection, for the next bytes."""

    connect: float = 5.0
    read: float = 30.0


class Api:
    """The API server. May be used from several threads. observe: told (method, resource, status) of each
    request; 0 where there was no answer."""

    def __init__(
        self,
        login: Login,
        waits: Waits | None = None,
        observe: Callable[[str, str, int], None] = lambda _method, _resource, _status: None,
    ) -> None:
        self._login = login
        self._waits = waits or Waits()
        self._observe = observe
        self._clock: tuple[datetime, float] | None = None

    def seconds_since(self, instant: str | None) -> float:
        """How long ago that was for the server, which wrote it: nobody else's clock is asked. 0 where it is not
        known, or still to come."""
        clock, then = self._clock, _instant(instant)
        if clock is None or then is None:
            return 0.0
        return max(0.0, (clock[0] - then).total_seconds() + monotonic() - clock[1])

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] = _NO_QUERY,
        body: Any = None,
        content: str = "application/json",
    ) -> Answered:
        """One try. Raises Refused."""
        response = self._open(method, path, query, body, content, self._waits.read)
        try:
            data = self._whole(response)
        except (HTTPError, OSError):
            self._observe(method, _resource(path), 0)
            raise Refused(Kind.UNREACHABLE) from None
        finally:
            response.release_conn()
        self._observe(method, _resource(path), response.status)
        self._note(response.headers.get("Date", ""))
        if not 200 <= response.status < 300:
            raise refusal(method, response.status, response.headers, data)
        return Answered(data, response.headers.get("Warning", ""))

    @contextmanager
    def stream(self, path: str, query: Mapping[str, str], read: float) -> Iterator[Iterator[bytes]]:
        """The lines of an answer as they come. read: seconds that may pass between bytes. Raises Refused, also
        in the middle."""
        response = self._open("GET", path, query, None, "", read)
        try:
            self._observe("WATCH", _resource(path), response.status)
            if not 200 <= response.status < 300:
                try:
                    data = self._whole(response)
                except (HTTPError, OSError):
                    data = b""
                raise refusal("GET", response.status, response.headers, data)
            yield _lines(response)
        finally:
            response.close()
            response.release_conn()

    def close(self) -> None:
        self._login.pools.clear()

    def _open(
        self, method: str, path: str, query: Mapping[str, str], body: Any, content: str, read: float
    ) -> urllib3.BaseHTTPResponse:
        url = self._login.host + path + ("?" + urlencode(query) if query else "")
        try:
            headers = {"accept": _ACCEPT, "user-agent": "assay-agent"} | self._login.headers()
            data = None
            if body is not None:
                data = body if isinstance(body, bytes) else msgspec.json.encode(body)
                headers["content-type"] = content
            return self._login.pools.request(
                method,
                url,
                body=data,
                headers=headers,
                timeout=urllib3.Timeout(connect=self._waits.connect, read=read),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except (HTTPError, OSError, ConnectError):
            self._observe(method, _resource(path), 0)
            raise Refused(Kind.UNREACHABLE) from None

    def _note(self, date: str) -> None:
        try:
            now = parsedate_to_datetime(date)
        except ValueError:
            return
        if now.tzinfo is not None:
            self._clock = now, monotonic()

    def _whole(self, response: urllib3.BaseHTTPResponse) -> bytes:
        data = bytearray()
        while chunk := response.read(_CHUNK):
            data += chunk
            if len(data) > MAX_ANSWER:
                response.close()
                raise Refused(Kind.GARBAGE)
        return bytes(data)


def _instant(text: str | None) -> datetime | None:
    try:
        found = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _lines(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    rest = bytearray()
    try:
        # Whatever is there at once: a whole chunk would be waited for.
        while data := response.read1(_CHUNK):
            rest += data
            *lines, tail = rest.split(b"\n")
            rest = bytearray(tail)
            if len(rest) > MAX_LINE:
                raise Refused(Kind.GARBAGE)
            for line in lines:
                if line:
                    yield bytes(line)
    except (HTTPError, OSError):
        raise Refused(Kind.UNREACHABLE) from None


def _resource(path: str) -> str:
    """`jobs` of /apis/batch/v1/namespaces/n/jobs/name: names do not become labels of a metric."""
    parts = path.split("/")
    if "namespaces" in parts:
        rest = parts[parts.index("namespaces") + 2 :]
        return rest[0] if rest else "namespaces"
    return parts[-1]
