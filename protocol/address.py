"""Where the hub is. Over TLS, always: a bearer token in clear text is everybody's.

Two exceptions, neither of which a changed address can slip through: the loopback, and one host that is named
beside the address (`cleartext`), for a cluster that encrypts its own network. When the address goes to another
host, the exception is for the wrong one, and the address is refused.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_PATH = re.compile(r"(/[A-Za-z0-9_.~-]+)*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class AddressError(ValueError):
    """Says what is wrong without repeating the address: a password may stand in it."""


@dataclass(frozen=True, slots=True)
class Address:
    """host: as in the URL, without brackets. path: before every endpoint's own, without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def hub_address(url: str, *, cleartext: str = "") -> Address:
    """The address in `url`. `cleartext`: the one host besides the loopback for which `http://` will do.
    Raises AddressError."""
    address = _parsed(url)
    if address.scheme == "http" and not _loopback(address.host) and address.host != cleartext.lower():
        raise AddressError("the hub is spoken to over https:// (http:// goes to the loopback only)")
    return address


def proxy_address(url: str) -> Address:
    """A proxy for the way to the hub. Raises AddressError."""
    address = _parsed(url)
    if address.path:
        raise AddressError("a proxy's address has no path")
    return address


def _parsed(url: str) -> Address:
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > 500:
        raise AddressError("an address has ASCII characters only, 500 at most")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        parts, host, port = None, "", None
    if parts is None or parts.scheme not in ("https", "http") or not host or port == 0:
        raise AddressError("an address is https://HOST, https://HOST:PORT or with a path behind it")
    if "@" in parts.netloc:
        raise AddressError("an address has no user and no password in it")
    if "?" in url or "#" in url:
        raise AddressError("an address ends with its path: no `?`, no `#`")
    if not (_HOST.fullmatch(host) or _ip(host) is not None):
        raise AddressError("the host is a name or an address")
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or any(part in (".", "..") for part in path.split("/")):
        raise AddressError("the path is of plain segments")
    return Address(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _loopback(host: str) -> bool:
    address = _ip(host)
    return host == "localhost" if address is None else address.is_loopback
