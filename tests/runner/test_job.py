"""A contract compiled, deployed and run as the cluster runs it: the Job's own command on the ConfigMap's own
files, with a real PostgreSQL on the other side."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assay.protocol import report as reports
from assay.protocol import run as runs
from assay.protocol.bundle import digest
from assay.protocol.report import Outcome, Reason
from tests.runner.pods import SLOW, TABLE, Pod, deploy, elsewhere
from tests.support.postgres import Server


@pytest.fixture
def pod(tmp_path: Path, postgres_database: Server) -> Pod:
    with postgres_database.connect() as connection:
        connection.execute(TABLE.encode())
    return deploy(tmp_path / "assay", postgres_database)


def test_it_runs(pod: Pod) -> None:
    assert sorted(pod.environment) == ["ASSAY_SECRET_DB_HOST", "ASSAY_SECRET_DB_PASSWORD"]
    code, out, _ = pod.run()
    report = reports.decode(out)
    assert (code, report.contract, report.outcome) == (0, "shop.orders", Outcome.PASSED)
    spec = runs.decode((pod.folder / "run.json").read_bytes())
    assert report.bundle == spec.bundle_sha256


def test_a_parameter_reaches_the_run(tmp_path: Path, postgres_database: Server) -> None:
    with postgres_database.connect() as connection:
        connection.execute(TABLE.encode())
    code, out, _ = deploy(tmp_path / "assay", postgres_database, params={"least": "5"}).run()
    assert (code, reports.decode(out).outcome) == (0, Outcome.FAILED)


def test_secrets_from_files(tmp_path: Path, postgres_database: Server) -> None:
    with postgres_database.connect() as connection:
        connection.execute(TABLE.encode())
    pod = deploy(tmp_path / "assay", postgres_database, mode="file")
    assert pod.environment == {}
    elsewhere(pod)
    assert pod.run()[0] == 0
    assert pod.termination.read_bytes() == b""
    pod.environment["ASSAY_SECRET_DB_PASSWORD"] = postgres_database.password
    (pod.files / "DB_PASSWORD").unlink()
    assert pod.told() == (78, {"code": "MissingSecret", "stage": "secrets"})
    message = msgspec.json.decode(pod.termination.read_bytes())
    assert message == {"code": "MissingSecret", "stage": "secrets"}


def _environment(name: str, value: str | None) -> Callable[[Pod], None]:
    def change(pod: Pod) -> None:
        if value is None:
            del pod.environment[name]
        else:
            pod.environment[name] = value

    return change


def _spec(**fields: Any) -> Callable[[Pod], None]:
    return lambda pod: pod.change("run.json", **fields)


def _source(**fields: Any) -> Callable[[Pod], None]:
    return lambda pod: pod.change("source.json", **fields)


def _bundle(change: Callable[[dict[str, Any]], object]) -> Callable[[Pod], None]:
    """A bundle that is wrong in itself, with the digest that it has."""

    def work(pod: Pod) -> None:
        path = pod.folder / "bundle.json"
        document = msgspec.json.decode(path.read_bytes())
        change(document)
        path.write_bytes(msgspec.json.encode(document))
        pod.change("run.json", bundle_sha256=digest(path.read_bytes()))

    return work


def _write(name: str, text: str) -> Callable[[Pod], None]:
    def change(pod: Pod) -> None:
        (pod.folder / name).write_text(text, encoding="utf-8")

    return change


BAD: dict[str, tuple[Callable[[Pod], None], int, str, str]] = {
    "no spec": (lambda pod: (pod.folder / "run.json").unlink(), 64, "BadSpec", "spec"),
    "not json": (_write("run.json", "{"), 64, "BadSpec", "spec"),
    "unknown field": (_spec(more=1), 64, "BadSpec", "spec"),
    "later format": (_spec(format=2), 64, "BadFormat", "spec"),
    "a path": (_spec(bundle="../bundle.json"), 64, "BadPath", "spec"),
    "no such file": (_spec(source="other.json"), 64, "NoFile", "source"),
    "other contract": (_spec(contract="shop.others"), 64, "OtherBundle", "spec"),
    "unknown parameter": (_spec(params={"canary": "canary"}), 64, "BadParameter", "spec"),
    "bad parameter": (_spec(params={"least": "canary"}), 64, "BadParameter", "spec"),
    "source is a list": (_write("source.json", "[]"), 64, "BadSource", "source"),
    "source with a password": (_source(password="canary"), 64, "BadSource", "source"),
    "secret not listed": (_spec(keys=["DB_HOST"]), 64, "BadSource", "source"),
    "other engine": (_write("source.json", '{"type": "duckdb", "path": "x"}'), 64, "OtherDialect", "source"),
    "wrong digest": (_spec(bundle_sha256="sha256:" + "0" * 64), 65, "WrongDigest", "bundle"),
    "changed bundle": (lambda pod: pod.change("bundle.json", prose="x"), 65, "WrongDigest", "bundle"),
    "later bundle": (_bundle(lambda b: b.update(format=2)), 65, "BadBundle", "bundle"),
    "unknown unit": (_bundle(lambda b: b["checks"][0].update(unit="canary")), 65, "BadBundle", "bundle"),
    "not allowed host": (_environment("ASSAY_SECRET_DB_HOST", "localhost"), 77, "HostNotAllowed", "source"),
    "not allowed port": (_source(port=1), 77, "PortNotAllowed", "source"),
    "wrong password": (_environment("ASSAY_SECRET_DB_PASSWORD", "canary"), 77, "28P01", "connect"),
    "no such user": (_source(user="canary"), 77, "28P01", "connect"),
    "no such database": (_source(database="canary"), 69, "3D000", "connect"),
    "missing secret": (_environment("ASSAY_SECRET_DB_PASSWORD", None), 78, "MissingSecret", "secrets"),
    "empty secret": (_environment("ASSAY_SECRET_DB_PASSWORD", ""), 78, "MissingSecret", "secrets"),
    "secret that does not fit": (_environment("ASSAY_SECRET_DB_HOST", "a\nb"), 78, "WrongSecret", "secrets"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_ends_with_a_code(name: str, pod: Pod) -> None:
    change, status, code, stage = BAD[name]
    change(pod)
    assert pod.told() == (status, {"code": code, "stage": stage})


def test_a_password_that_looks_like_a_placeholder_is_not_looked_into(pod: Pod) -> None:
    pod.environment["ASSAY_SECRET_DB_PASSWORD"] = "${env.DB_HOST}"
    assert pod.told()[0] == 77


def test_nobody_listens(pod: Pod) -> None:
    pod.change("source.json", port=1)
    pod.change("run.json", ports=[])
    code, out, told = pod.run()
    assert (code, told["stage"]) == (69, "connect")
    assert {check.reason for check in reports.decode(out).checks} == {Reason.CONNECTION}


def test_no_connection_left_can_be_tried_again(pod: Pod, postgres_database: Server) -> None:
    with postgres_database.connect() as connection:
        connection.execute("CREATE ROLE canary_reader LOGIN CONNECTION LIMIT 0 PASSWORD 'other'")
    try:
        pod.change("source.json", user="canary_reader")
        pod.environment["ASSAY_SECRET_DB_PASSWORD"] = "other"
        assert pod.told() == (69, {"code": "53300", "stage": "connect"})
    finally:
        with postgres_database.connect() as connection:
            connection.execute("DROP ROLE canary_reader")


def test_no_right_to_the_table(pod: Pod, postgres_database: Server) -> None:
    with postgres_database.connect() as connection:
        connection.execute("CREATE ROLE assay_job_reader LOGIN PASSWORD 'other'")
    try:
        pod.change("source.json", user="assay_job_reader")
        pod.environment["ASSAY_SECRET_DB_PASSWORD"] = "other"
        code, out, told = pod.run()
        assert (code, told) == (77, {"code": "42501", "stage": "scan"})
        assert reports.decode(out).outcome is Outcome.ERROR
    finally:
        with postgres_database.connect() as connection:
            connection.execute("DROP ROLE assay_job_reader")


def test_the_report_cannot_be_written(pod: Pod) -> None:
    pod.command = ["/bin/sh", "-c", '"$@" >/dev/full', "sh", *pod.command]
    assert pod.told() == (74, {"code": "OSError", "stage": "report"})


def test_sigterm_cancels_the_query_at_the_server(tmp_path: Path, postgres_database: Server) -> None:
    with postgres_database.connect() as connection:
        connection.execute(SLOW.encode())
        pod = deploy(tmp_path / "assay", postgres_database)
        elsewhere(pod)
        process = pod.start()
        busy = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'assay' AND wait_event = 'PgSleep'"
        )

        def sleeping() -> bool:
            return connection.execute(busy).fetchone() == (1,)

        until = time.monotonic() + 20
        while not sleeping():
            assert time.monotonic() < until
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        started = time.monotonic()
        out, err = process.communicate(timeout=20)
        assert time.monotonic() - started < 5
        assert not sleeping()
    assert process.returncode == 143
    assert {check.reason for check in reports.decode(out).checks if check.kind != "schema"} == {
        Reason.CANCELLED
    }
    message = {"code": "Interrupted", "stage": "run"}
    assert msgspec.json.decode(err) == msgspec.json.decode(pod.termination.read_bytes()) == message
