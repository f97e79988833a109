"""Where a connection of a run may go, what protects it, and the Secret that it may use: of a data source, of a
warehouse."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assay.compiler import kubernetes as k8s
from assay.compiler.reading import Reader

CLOUD_NETWORKS = tuple(map(ipaddress.ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32")))
"""Where clouds keep the credentials of a node. `workloadIdentity` opens single addresses of them."""


class SecretMode(StrEnum):
    """How a run gets its secrets: as environment variables, or as files that no /proc/*/environ shows."""

    ENV = "env"
    FILE = "file"


class Tls(StrEnum):
    """How a connection is protected, from nothing to a certificate for exactly this host (libpq's words)."""

    DISABLE = "disable"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"

    @property
    def rank(self) -> int:
        return tuple(Tls).index(self)


@dataclass(frozen=True, slots=True)
class Network:
    cidr: str
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """hosts, ports   where it may connect to; empty sets no limit
    networks       the same for the cluster; empty makes no NetworkPolicy
    tls            the least that protects its connection; None leaves it to the data source
    ca             root certificates in PEM to verify its server with; None: those of the runner's system
    """

    secret: str | None
    keys: tuple[str, ...]
    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    networks: tuple[Network, ...]
    mode: SecretMode
    tls: Tls | None
    ca: str | None


KEYS = ("secretName", "keys", "hosts", "ports", "networks", "mode", "tls", "ca")


def read_access(read: Reader, path: str, item: Mapping[str, object], prefix: str, tls: Tls | None) -> Access:
    """prefix: of the names of its Secrets. tls: the least where nothing is said."""
    secret = read.text(f"{path}.secretName", item.get("secretName"))
    if secret is not None and not (secret.startswith(prefix) and k8s.dns_subdomain(secret)):
        read.fault("E509", f"{path}.secretName", value=secret, prefix=prefix)
    keys = read.sequence(f"{path}.keys", item.get("keys"), _secret_key)
    if keys and item.get("secretName") is None:
        read.fault("E503", path, name="secretName")
    mode = read.choice(f"{path}.mode", item.get("mode"), tuple(SecretMode))
    least = read.choice(f"{path}.tls", item.get("tls"), tuple(Tls))
    return Access(
        secret=secret,
        keys=tuple(sorted(set(keys))),
        hosts=read.sequence(f"{path}.hosts", item.get("hosts"), _host),
        ports=read.sequence(f"{path}.ports", item.get("ports"), _port),
        networks=read.sequence(f"{path}.networks", item.get("networks"), read_network),
        mode=SecretMode(mode or SecretMode.ENV),
        tls=tls if least is None else Tls(least),
        ca=read_certificates(read, f"{path}.ca", item.get("ca")),
    )


def _secret_key(read: Reader, path: str, value: object) -> str | None:
    key = read.text(path, value)
    if key is not None and not k8s.secret_key(key):
        read.fault("E508", path, value=key)
    return key


def _host(read: Reader, path: str, value: object) -> str | None:
    name = read.text(path, value)
    if name is not None and not k8s.host(name):
        sample = "a name such as `db.example.com`"
        read.fault("E516", path, value=name, what="a host name or an address", sample=sample)
    return name and name.lower()


def _port(read: Reader, path: str, value: object) -> int | None:
    return read.number(path, value, 1, 1, 65_535)


def read_network(read: Reader, path: str, value: object) -> Network | None:
    item = read.mapping(path, value, ("cidr", "ports"), required=("cidr", "ports"))
    cidr = read.text(f"{path}.cidr", item.get("cidr"))
    ports = read.sequence(f"{path}.ports", item.get("ports"), _port)
    if cidr is None:
        return None
    if not k8s.network(cidr):
        sample = "the first address of the network and the length of its prefix, such as `10.0.0.0/8`"
        read.fault("E516", f"{path}.cidr", value=cidr, what="a network", sample=sample)
    elif in_cloud(cidr):
        read.fault("E550", f"{path}.cidr", value=cidr)
    return Network(cidr, tuple(sorted(set(ports))))


def in_cloud(cidr: str) -> bool:
    """Whether a network lies wholly where clouds keep credentials."""
    inner = ipaddress.ip_network(cidr)
    return any(
        inner.network_address in outer and inner.broadcast_address in outer
        for outer in CLOUD_NETWORKS
        if outer.version == inner.version
    )


def read_certificates(read: Reader, path: str, value: object) -> str | None:
    text = read.text(path, value)
    found = None if text is None else k8s.certificates(text)
    if text is not None and found is None:
        read.fault("E517", path)
    return found
