"""Each test of the agent's way into a cluster runs on the fake API server and on the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.ground import FakeGround, Ground, RealGround
from tests.agent.stage import Stage
from tests.support.hub import copy, template
from tests.support.live import LiveHub, live

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


@pytest.fixture
def hub(empty_sqlite: Path, tmp_path: Path) -> Iterator[LiveHub]:
    with live(copy(empty_sqlite, tmp_path / "hub.db"), tenants=("acme",)) as running:
        yield running


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("hub") / "empty.db")


def _stage(hub: LiveHub, ground: Ground, folder: Path) -> Iterator[Stage]:
    stage = Stage(hub, ground, folder, ground.namespace())
    yield stage
    for agent in stage.agents:
        agent.stop()


@pytest.fixture
def stage(hub: LiveHub, ground: Ground, tmp_path: Path) -> Iterator[Stage]:
    yield from _stage(hub, ground, tmp_path)


@pytest.fixture
def fake_stage(hub: LiveHub, fake_ground: FakeGround, tmp_path: Path) -> Iterator[Stage]:
    yield from _stage(hub, fake_ground, tmp_path)
