"""Which hub, with which key, and its refusals as this command line says them.

ASSAY_HUB, ASSAY_KEY and ASSAY_HUB_CA count first; else what `assay login` has kept, in a file that only its owner
can read.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from assay.cli.problems import InputError, problem, unwritable

if TYPE_CHECKING:
    from assay.client import HubClient, Reply

PAGE = 200
PATIENCE_S = 10.0
"""How long a call that may go better later is tried again."""


class Login(msgspec.Struct, frozen=True):
    """ca: a file with root certificates, in place of the system's."""

    hub: str
    key: str
    ca: str = ""


def file() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "assay" / "login.json"


def keep(login: Login) -> Path:
    """Writes it where only its owner can read it."""
    path = file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(msgspec.json.encode(login))
    except OSError as error:
        raise unwritable(path, error) from None
    return path


def known() -> Login:
    """Raises InputError where no hub is named."""
    hub, key = os.environ.get("ASSAY_HUB", ""), os.environ.get("ASSAY_KEY", "")
    if hub and key:
        return Login(hub, key, os.environ.get("ASSAY_HUB_CA", ""))
    try:
        kept = msgspec.json.decode(file().read_bytes(), type=Login)
    except (OSError, ValueError):
        raise problem("E672") from None
    return Login(hub or kept.hub, key or kept.key, os.environ.get("ASSAY_HUB_CA", "") or kept.ca)


@dataclass(slots=True)
class Hub:
    """Calls of one hub; whatever it refuses is an InputError."""

    client: HubClient
    address: str

    def call(self, name: str, request: object = None, **more: Any) -> Any:
        """An endpoint's answer. A POST carries a key of its own, so that it may be repeated."""
        return self._reply(name, request, **more).body

    def whole(self, name: str, **more: Any) -> Any:
        """An endpoint's answer with all that stands in it, as plain JSON."""
        return msgspec.json.decode(self._reply(name, None, **more).data)

    def _reply(self, name: str, request: object, **more: Any) -> Reply:
        from assay.client import HubError, Retry
        from assay.protocol.endpoints import BY_NAME

        key = secrets.token_hex(16) if BY_NAME[name].idempotent else None

        def once(_left: float) -> Reply:
            return self.client.call(name, request, idempotency_key=key, **more)

        try:
            return Retry(first=0.2, cap=2.0).run(once, until=time.monotonic() + PATIENCE_S)
        except HubError as error:
            raise refusal(self.address, error) from None
        except (TypeError, ValueError) as error:
            raise problem("E674", reason=str(error), advice="look at the spelling") from None

    def put(self, word: str, name: str | None, request: object) -> Any:
        """Makes or changes something, as it was seen a moment ago. name: None where there is only one."""
        from assay.client import HubError, Refused

        at = {} if name is None else {"name": name}
        try:
            try:
                etag = self.client.call(f"get_{word}", at=at).etag
            except Refused as refused:
                if refused.status != 404:
                    raise
                etag = None
        except HubError as error:
            raise refusal(self.address, error) from None
        except ValueError as error:
            raise problem(
                "E674", reason=str(error), advice="names are of a-z, 0-9, `-`, `_` and `.`"
            ) from None
        return self.call(f"put_{word}", request, at=at, if_match=etag)

    def pages(self, name: str, limit: int | None = None, **more: Any) -> Iterator[Any]:
        """The items of a list, page after page."""
        query = dict(more.pop("query", {}))
        left = limit
        while True:
            size = PAGE if left is None else min(PAGE, left)
            page = self.call(name, query={**query, "limit": size}, **more)
            yield from page.items
            left = None if left is None else left - len(page.items)
            if page.next is None or (left is not None and left <= 0):
                return
            query["cursor"] = page.next


@contextmanager
def hub(login: Login | None = None) -> Iterator[Hub]:
    """Raises InputError where no hub is named, or its address cannot be one."""
    from assay.client import HubClient, token_text
    from assay.protocol.address import AddressError, hub_address

    told = login or known()
    try:
        address = hub_address(told.hub)
        client = HubClient(address, token_text(told.key), ca=Path(told.ca) if told.ca else None, role="cli")
    except AddressError as error:
        raise problem("E673", hub=told.hub, reason=str(error), advice="run `assay login` anew") from None
    except OSError as error:
        advice = "name a file with certificates in PEM"
        raise problem("E673", hub=told.hub, reason=f"{told.ca}: {error.strerror}", advice=advice) from None
    try:
        yield Hub(client, told.hub)
    finally:
        client.close()


_CAUSES = {
    "name": ("its host has no address", "look at the spelling"),
    "connect": ("nothing answers there", "see whether the hub runs, and whether a firewall is between"),
    "tls": ("no TLS connection came about", "see whether the port is the one with TLS"),
    "certificate": ("its certificate is signed by nobody that is trusted, or for another host",
                    "name the authority: `assay login --ca FILE`"),
    "timeout": ("it does not answer in time", "try again later"),
    "redirected": ("something else answers there", "give the hub's own address"),
    "garbage": ("what answers there is no hub of this version", "give the hub's own address"),
    "token": ("the key is not of the form that keys have", "copy the whole key"),
}  # fmt: skip
_REFUSALS = {
    "unauthenticated": ("the key is not, or no longer, good", "run `assay login` with another key"),
    "forbidden": ("the key's role does not allow it", "ask an admin for a key with a higher role"),
    "not_found": ("there is no such thing", "the lists show what there is: `assay runs`, `assay sources`"),
    "too_many_requests": ("it has too much to do", "try again later"),
    "unavailable": ("its store does not answer", "try again later"),
}


def refusal(address: str, error: Exception) -> InputError:
    """What the hub, or the way to it, says, in this command line's words."""
    from assay.client import Refused, Unreachable

    if isinstance(error, Unreachable):
        reason, advice = _CAUSES.get(
            error.cause.value, (f"the connection failed ({error.cause})", "try again")
        )
        return problem("E673", hub=address, reason=reason, advice=advice)
    if not isinstance(error, Refused):
        return problem("E673", hub=address, reason=str(error), advice="try again")
    code = error.code.value if error.code else f"status {error.status}"
    told = error.problem.detail if error.problem else ""
    reason, advice = _REFUSALS.get(code, ("", ""))
    if error.problem is not None and error.problem.diagnostics:
        lines = "; ".join(f"{d.file}:{d.line}: {d.code} {d.message}" for d in error.problem.diagnostics[:5])
        return problem(
            "E674", reason=f"the contract does not compile there: {lines}", advice="correct it first"
        )
    return problem(
        "E674",
        reason=reason or told or f"its code is {code}",
        advice=(told if reason and told else advice) or f"its code is `{code}`",
    )
