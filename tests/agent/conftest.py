"""Each test of the agent's way into a cluster runs on the fake API server and on the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.agent import compiling
from assay.hub.compiling import Compiler
from assay.sandbox import Sandbox
from tests.agent.ground import FakeGround, Ground, RealGround
from tests.agent.stage import Stage
from tests.support.hub import copy, template
from tests.support.live import LiveHub, live

REAL = pytest.param("real", marks=pytest.mark.xdist_group("cluster"))


@pytest.fixture(params=["fake", REAL])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    if request.param == "real":
        real = RealGround(request.getfixturevalue("control_plane"))
        yield real
        real.close()
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


@pytest.fixture(scope="session")
def hub_compiler() -> Iterator[Compiler]:
    """Its process is started once: what the hub compiles does not depend on the test."""
    compiler = Compiler()
    yield compiler
    compiler.close()


class _Shared(Sandbox):
    """Outlives the agents that call it."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="session", autouse=True)
def agents_compiler() -> Iterator[None]:
    """One process for all agents in the tests' own process. Those that are processes themselves start their own."""
    shared = _Shared(compiling.TARGET, compiling.LIMITS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "Sandbox", lambda *_, **__: shared)
        yield
    Sandbox.close(shared)


@pytest.fixture
def hub(empty_sqlite: Path, tmp_path: Path, hub_compiler: Compiler) -> Iterator[LiveHub]:
    address = copy(empty_sqlite, tmp_path / "hub.db")
    with live(address, tenants=("acme",), compiler=hub_compiler) as running:
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
