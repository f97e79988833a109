"""Fixtures for all tests, and the closing block that tells what could not run here."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.closing import closing, lacking
from tests.support.postgres import Server, Unavailable, database, postgres

if TYPE_CHECKING:
    from tools.cluster.cluster import Cluster

GROUP = "cluster"
CLUSTERS = {"cluster", "control_plane"}
"""Fixtures whose tests share one Kubernetes: under `--dist loadgroup` all of them run in one worker."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real server. Starting one takes under a second, so each xdist worker has its own."""
    server = postgres()
    try:
        running = server.__enter__()
    except Unavailable as error:
        lacking("postgres", "PostgreSQL", error)
    try:
        yield running
    finally:
        server.__exit__(None, None, None)


@pytest.fixture
def postgres_database(postgres_server: Server) -> Iterator[Server]:
    """An empty database for one test."""
    with database(postgres_server) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def postgres_module_database(postgres_server: Server) -> Iterator[Server]:
    """An empty database for the tests of one module."""
    with database(postgres_server) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real Kubernetes with real pods; each test uses a namespace of its own."""
    yield from _cluster(control_plane_only=False)


@pytest.fixture(scope="session")
def control_plane() -> Iterator[Cluster]:
    """API server, controllers and scheduler without a node: `tools.cluster.scripted` plays the kubelet."""
    yield from _cluster(control_plane_only=True)


def _cluster(*, control_plane_only: bool) -> Iterator[Cluster]:
    from tools.cluster.box import Unavailable as NoCluster
    from tools.cluster.cluster import Cluster

    try:
        running = Cluster(control_plane_only=control_plane_only)
    except NoCluster as error:
        lacking("cluster", "Kubernetes", error)
    with running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the programs of a cluster wrote last stands under each of its failures."""
    report = yield
    if report.failed:
        for name in CLUSTERS & set(getattr(item, "funcargs", {})):
            report.sections += item.funcargs[name].last_words()  # type: ignore[attr-defined]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if CLUSTERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(GROUP))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped and terminalreporter.stats.get("error"):
        return  # a fixture failed and says why itself
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in skipped]
    terminalreporter.section("what could not run here", sep="-")
    for line in closing(reasons):
        terminalreporter.write_line(line)
