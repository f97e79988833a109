"""Each test of the agent's way into a cluster runs on the fake API server and on the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.ground import FakeGround, Ground, RealGround

REAL = pytest.param("real", marks=pytest.mark.xdist_group("cluster"))


@pytest.fixture(params=["fake", REAL])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    if request.param == "real":
        yield RealGround(request.getfixturevalue("control_plane"))
        return
    fake = FakeGround(tmp_path)
    yield fake
    fake.close()


@pytest.fixture
def fake_ground(tmp_path: Path) -> Iterator[FakeGround]:
    """For faults that cannot be asked of a real server."""
    fake = FakeGround(tmp_path)
    yield fake
    fake.close()
