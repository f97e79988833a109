"""The application that uvicorn serves: the endpoints of the table, and room for pages beside them.

The endpoints are one ASGI application: their paths (`/v1/runs/{run}:cancel`), their limits and their refusals are
those of the table, to the byte. Litestar routes what else there is, and its own refusals look like the table's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import asgi
from litestar.types import ControllerRouterHandler, Receive, Scope, Send

from assay.hub.api.answers import Answer
from assay.hub.api.dispatch import NOT_FOUND, Api
from assay.hub.api.problems import plain
from assay.protocol.endpoints import ENDPOINTS
from assay.protocol.wire import ErrorCode

MOUNTS = sorted({"/" + endpoint.path.split("/")[1] for endpoint in ENDPOINTS})
"""What the endpoints' paths begin with."""
Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def make_app(api: Api, lifespan: Lifespan, pages: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """lifespan: what runs beside the requests, from before the first to after the last."""

    @asgi(MOUNTS, is_mount=True, copy_scope=False)
    async def endpoints(scope: Scope, receive: Receive, send: Send) -> None:
        await api(scope, receive, send)

    return Litestar(
        [endpoints, *pages],
        lifespan=[lifespan],
        exception_handlers={HTTPException: _refused, Exception: _refused},
        openapi_config=None,
        logging_config=None,
    )


def _refused(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:  # noqa: ARG001 - Litestar's signature
    """What Litestar refuses by itself, in the hub's words."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer: Answer = {404: NOT_FOUND, 405: plain(ErrorCode.METHOD_NOT_ALLOWED)}.get(
        status, plain(ErrorCode.MALFORMED if status < 500 else ErrorCode.INTERNAL)
    )
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    media_type = headers.pop("content-type")
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=media_type)
