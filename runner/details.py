"""What a run knows and a report cannot say: for the person on this side of the network only."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.runner.groups import Group
from assay.runner.schema import SchemaFault


@dataclass(slots=True)
class CheckDetail:
    """message: the database's words. value: also where the report withholds it. groups: the worst first, with
    their keys. rows_left_out: columns that the failed rows could not be given with."""

    message: str = ""
    value: str | None = None
    schema: tuple[SchemaFault, ...] = ()
    groups: tuple[Group, ...] = ()
    keys: tuple[str, ...] = ()
    capture_message: str = ""
    rows_left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class Details:
    """message: why the run itself ended early. store_message: why failed rows were not kept."""

    checks: dict[str, CheckDetail] = field(default_factory=dict)
    message: str = ""
    store_message: str = ""

    def of(self, check: str) -> CheckDetail:
        return self.checks.setdefault(check, CheckDetail())
