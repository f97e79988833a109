"""Kubernetes' own rules for names, labels, quantities, images and schedules, as pure predicates.

They follow the API server's validation (apimachinery's `validation` package, `resource.Quantity`, the
`robfig/cron` parser), so that what passes here is not refused there.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from fractions import Fraction

SECRET_PREFIX = "assay-source-"  # noqa: S105 - the prefix of names of Secrets, not a secret
WAREHOUSE_PREFIX = "assay-warehouse-"
"""The admission policy lets a Job refer to Secrets with these prefixes only."""
ACCOUNT_PREFIX = "assay-"
OWN_PREFIX = "assay"
"""The prefix of our own labels and annotations."""

_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_QUALIFIED = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?")
_SECRET_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_DATA_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
_IMAGE = re.compile(
    r"(?:[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?(?::[0-9]{1,5})?/)?"
    r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?@sha256:[0-9a-f]{64}"
)
_QUANTITY = re.compile(
    r"([0-9]{1,18}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(Ki|Mi|Gi|Ti|Pi|m|k|M|G|T|P|[eE][+-]?[0-9]{1,2})?"
)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----")
_RAW_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_UNITS: dict[str, Fraction] = {
    "": Fraction(1),
    "m": Fraction(1, 1000),
    **{unit: Fraction(1000**n) for n, unit in enumerate(("k", "M", "G", "T", "P"), 1)},
    **{unit: Fraction(1024**n) for n, unit in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi"), 1)},
}


def dns_label(text: str) -> bool:
    """RFC 1123 label: a namespace, a Job, a volume."""
    return len(text) <= 63 and _LABEL.fullmatch(text) is not None


def dns_subdomain(text: str) -> bool:
    """RFC 1123 subdomain: most other names."""
    return len(text) <= 253 and all(_LABEL.fullmatch(part) for part in text.split("."))


def label_key(text: str) -> bool:
    prefix, slash, name = text.rpartition("/")
    if slash and not dns_subdomain(prefix):
        return False
    return len(name) <= 63 and _QUALIFIED.fullmatch(name) is not None


def label_value(text: str) -> bool:
    return text == "" or (len(text) <= 63 and _QUALIFIED.fullmatch(text) is not None)


def reserved_key(text: str) -> bool:
    """A label or annotation that Kubernetes or Assay gives a meaning to: not the profile's to set."""
    prefix, slash, _ = text.rpartition("/")
    if not slash:
        return text in ("controller-uid", "job-name")
    if prefix in (OWN_PREFIX, "sidecar.istio.io", "azure.workload.identity", "kubernetes.io", "k8s.io"):
        return True
    return prefix.endswith((".kubernetes.io", ".k8s.io"))


def secret_key(text: str) -> bool:
    """A name that may stand in `${env.NAME}`; it is the key inside the Secret, too."""
    return _SECRET_KEY.fullmatch(text) is not None


def data_key(text: str) -> bool:
    return _DATA_KEY.fullmatch(text) is not None and text not in (".", "..")


def image_by_digest(text: str) -> bool:
    return len(text) <= 512 and _IMAGE.fullmatch(text) is not None


def quantity(text: str) -> Fraction | None:
    """The value of a positive quantity, or None where it is not one."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    number, unit = Fraction(match[1]), match[2] or ""
    value = number * (_UNITS[unit] if unit in _UNITS else Fraction(10) ** int(unit[1:]))
    return value if value > 0 else None


def amount(resource: str, text: str) -> Fraction | None:
    """A quantity that makes sense for a resource: `512m` of memory, half a byte, is a slip of the pen."""
    value = quantity(text)
    if value is None or (resource != "cpu" and value.denominator != 1):
        return None
    return value


def certificates(text: str) -> str | None:
    """The certificates of a PEM file alone, without what people write between them; None where there are none,
    or a private key slipped in with them."""
    found = _CERTIFICATE.findall(text)
    if not found or "PRIVATE KEY" in text or len(text) > 256 * 1024:
        return None
    return "".join(f"{certificate}\n" for certificate in found)


def network(text: str) -> bool:
    """A CIDR in its canonical form, as a NetworkPolicy wants it."""
    try:
        return "/" in text and str(ipaddress.ip_network(text)) == text
    except ValueError:
        return False


def host(text: str) -> bool:
    """A host name or an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return dns_subdomain(text.lower()) and not text.replace(".", "").isdigit()
    return True


def time_zone(text: str) -> bool:
    """The form of an IANA name. Whether the zone exists is known to the cluster alone."""
    return len(text) <= 64 and text.lower() != "local" and _ZONE.fullmatch(text) is not None


def printable(text: str) -> bool:
    """No NUL, no control character but tab and line feed, and encodable as UTF-8."""
    if text.isascii() and text.isprintable():
        return True
    return not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n" for c in text)


def storable(text: str) -> bool:
    """What a file may hold: as `printable`, but with carriage returns and what only looks odd."""
    return _RAW_CONTROL.search(text) is None


def slug(text: str, limit: int) -> str:
    """A DNS label that resembles `text`; "x" where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].rstrip("-") or "x"


def unique_slug(text: str, limit: int = 63) -> str:
    """`text` itself where it is a DNS label, else its slug and a piece of its hash."""
    if dns_label(text) and len(text) <= limit:
        return text
    tail = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug(text, limit - 9)}-{tail}"


# ---------------------------------------------------------------- schedules

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, {name: n for n, name in enumerate(_MONTHS, 1)}),
    (0, 7, {name: n for n, name in enumerate(_DAYS)}),
)
_NICKNAMES = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def cron(text: str) -> str | None:
    """The schedule as a CronJob takes it, or None. A contract may write Sunday as 7, a CronJob may not."""
    if text in _NICKNAMES:
        return text
    words = text.split()
    if len(words) != len(_FIELDS) or len(text) > 200 or not text.isascii():
        return None
    fields = [_field(word.lower(), *limits) for word, limits in zip(words, _FIELDS, strict=True)]
    return None if None in fields else " ".join(str(field) for field in fields)


def _field(word: str, low: int, high: int, names: dict[str, int]) -> str | None:
    items = [_item(item, low, high, names) for item in word.split(",")]
    return None if None in items else ",".join(str(item) for item in items)


def _item(item: str, low: int, high: int, names: dict[str, int]) -> str | None:
    span, slash, step = item.partition("/")
    if slash and not (step.isdigit() and 0 < int(step[:4]) <= 9999 and len(step) <= 4):
        return None
    if span in ("*", "?"):
        return item
    first, dash, last = span.partition("-")
    start, end = _number(first, names), _number(last, names) if dash else None
    if start is None or (dash and end is None):
        return None
    stop = start if end is None else end
    if not low <= start <= stop <= high:
        return None
    return _sunday(start, stop, step) if high == 7 and stop == 7 else item


def _sunday(start: int, stop: int, step: str) -> str | None:
    if start == 7:
        return None if step else "0"
    days = range(start, stop + 1, int(step or 1))
    return ",".join(str(day % 7) for day in days)


def _number(text: str, names: dict[str, int]) -> int | None:
    if text in names:
        return names[text]
    return int(text) if text.isdigit() and len(text) <= 2 else None
