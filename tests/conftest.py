"""Fixtures for all tests, and the closing block that tells what could not run here."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support.closing import closing
from tests.support.postgres import Server, Unavailable, database, postgres


def required(name: str) -> bool:
    """True where `ASSAY_REQUIRE` (names, separated by commas) says that a missing `name` is a failure."""
    return name in {item.strip() for item in os.environ.get("ASSAY_REQUIRE", "").split(",")}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real server. Starting one takes under a second, so each xdist worker has its own."""
    server = postgres()
    try:
        running = server.__enter__()
    except Unavailable as error:
        if required("postgres"):
            pytest.fail(f"PostgreSQL is required here: {error}", pytrace=False)
        pytest.skip(f"PostgreSQL: not run: {error}")
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped and terminalreporter.stats.get("error"):
        return  # a fixture failed and says why itself
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in skipped]
    terminalreporter.section("what could not run here", sep="-")
    for line in closing(reasons):
        terminalreporter.write_line(line)
