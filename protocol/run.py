"""run.json: what one Job is told besides the bundle and the data source. It holds no secret."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from assay.protocol import decoding
from assay.protocol.warehouse import WarehouseSpec
from assay.protocol.wire import Attempt, Fence, Ulid

FORMAT = 1
SECRET_VARIABLE = "ASSAY_SECRET_"  # noqa: S105 - the prefix of names, not a secret
"""`${env.NAME}` is the variable with this prefix: no data source can ask for, or set, any other."""
SECRET_FOLDER = "/run/assay/secrets"  # noqa: S105 - a folder
"""In file mode, NAME is the file of that name in this folder."""
HUB_TOKEN = "/run/assay/hub/token"  # noqa: S105 - a path
"""The pod's token for the hub, the cluster's own or one that the hub gave for this attempt: written anew by the
kubelet before it expires."""
POD_UID = "ASSAY_POD_UID"
"""The variable with the uid of the pod."""

Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$(?!\n)")]


class HubSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """For which instruction of which hub this is a run; the run's id is the instruction's.

    url, cleartext, proxy   as `protocol.address` reads them
    ca     the file beside run.json with the root certificates to trust; empty: the system's
    fence  of the lease under which the Job was made
    """

    url: str
    instruction: Ulid
    attempt: Attempt
    fence: Fence
    ca: str = ""
    cleartext: str = ""
    proxy: str = ""


class RunSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """bundle and source are files beside run.json.

    params    values of the contract's parameters, as written by a person
    keys      names that may stand in `${env.NAME}`
    hosts, ports   where a connection may go; an empty list sets no limit
    timeout   seconds until the cluster ends the run
    report    where the report goes: standard output, or the hub
    hub       whose run it is; None: where the report goes to standard output
    warehouse where failed rows go; None: none are kept
    """

    format: int
    contract: str
    version: str
    bundle: str
    bundle_sha256: Digest
    source: str
    source_name: str
    params: dict[str, str]
    secrets: Literal["env", "file"]
    keys: tuple[str, ...]
    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    timeout: int
    report: Literal["stdout", "hub"]
    hub: HubSpec | None = None
    warehouse: WarehouseSpec | None = None


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(spec: RunSpec) -> bytes:
    return _encoder.encode(spec)


def decode(data: bytes) -> RunSpec:
    """Raises msgspec.ValidationError for anything that is not a run of this format."""
    return decoding.decode(data, RunSpec)
