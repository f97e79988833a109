"""How long tests look for a fault by chance: briefly and always alike in `make test`, at length in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

FULL = os.environ.get("ASSAY_SEARCH") == "full"
_UNHURRIED = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large)


def search(few: int, *, full: int, shrinks: bool = True) -> settings:
    """`few` examples, the same in every run; or `full` new ones. Without `shrinks` a test makes its own smaller."""
    phases = (Phase.explicit, Phase.generate, *((Phase.shrink,) if shrinks else ()))
    return settings(
        max_examples=full if FULL else few,
        derandomize=not FULL,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=_UNHURRIED,
    )
