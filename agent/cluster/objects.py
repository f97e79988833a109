"""What the agent reads of Kubernetes' objects: a few fields of each, and nothing that a row could ride on.

Messages of conditions and containers have no field here. What a field holds may be anybody's writing; what does
not fit is a `msgspec.ValidationError` of that one object.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class _Object(msgspec.Struct, frozen=True, rename="camel"):
    pass


class Owner(_Object, frozen=True):
    uid: str
    controller: bool = False


class Meta(_Object, frozen=True):
    name: str
    uid: str = ""
    resource_version: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    owner_references: tuple[Owner, ...] = ()


class Condition(_Object, frozen=True):
    type: str
    status: str
    reason: str = ""


class JobSpec(_Object, frozen=True):
    suspend: bool = False
    ttl_seconds_after_finished: int | None = None
    active_deadline_seconds: int | None = None


class JobStatus(_Object, frozen=True):
    active: int = 0
    failed: int = 0
    start_time: str | None = None
    conditions: tuple[Condition, ...] = ()


class Job(_Object, frozen=True):
    metadata: Meta
    spec: JobSpec = JobSpec()
    status: JobStatus = JobStatus()

    @property
    def ended(self) -> Condition | None:
        """Complete or Failed, and nothing else, says that a Job is over."""
        over = (c for c in self.status.conditions if c.type in ("Complete", "Failed") and c.status == "True")
        return next(over, None)

    @property
    def started(self) -> bool:
        """Whether a pod can ever have been made."""
        return not self.spec.suspend or self.status.start_time is not None or self.status.active > 0


class Event(_Object, frozen=True):
    """message: of a controller. It is compared with what controllers are known to say, and goes nowhere."""

    message: str = ""
    last_timestamp: str | None = None


class Waiting(_Object, frozen=True):
    reason: str = ""


class Running(_Object, frozen=True):
    pass


class Terminated(_Object, frozen=True):
    exit_code: int
    reason: str = ""


class State(_Object, frozen=True):
    waiting: Waiting | None = None
    running: Running | None = None
    terminated: Terminated | None = None


class Container(_Object, frozen=True):
    name: str
    state: State = State()


class Volume(_Object, frozen=True):
    name: str


class PodSpec(_Object, frozen=True):
    volumes: tuple[Volume, ...] = ()


class PodStatus(_Object, frozen=True):
    phase: str = ""
    reason: str = ""
    conditions: tuple[Condition, ...] = ()
    container_statuses: tuple[Container, ...] = ()


class Pod(_Object, frozen=True):
    metadata: Meta
    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()

    @property
    def state(self) -> State:
        """Of the one container."""
        return next((c.state for c in self.status.container_statuses if c.name == "runner"), State())


class ListMeta(_Object, frozen=True):
    resource_version: str = ""
    continue_: str = msgspec.field(default="", name="continue")


class RawList(_Object, frozen=True):
    """Items one by one: one that cannot be read does not hide the others."""

    metadata: ListMeta
    items: tuple[msgspec.Raw, ...] = ()


class WatchEvent(_Object, frozen=True):
    type: Literal["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]
    object: msgspec.Raw


class Head(_Object, frozen=True):
    """As much of any object as there is to say which one it was."""

    metadata: Meta


class StatusCause(_Object, frozen=True):
    reason: str = ""
    field: str = ""


class StatusDetails(_Object, frozen=True):
    retry_after_seconds: int | None = None
    causes: tuple[StatusCause, ...] = ()


class Status(_Object, frozen=True):
    """What the API server says in place of an object. Its message is read for a few known words, never kept."""

    code: int = 0
    reason: str = ""
    message: str = ""
    details: StatusDetails | None = None


Tree = dict[str, Any]
