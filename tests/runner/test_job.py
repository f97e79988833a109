"""A contract compiled, deployed and run as the cluster runs it: the Job's own command on the ConfigMap's own
files, with a real PostgreSQL on the other side."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from assay.compiler.diagnostics import Sink
from assay.compiler.manifests import manifests
from assay.compiler.pipeline import compile_contract
from assay.compiler.profile import parse_profile
from assay.protocol import report as reports
from assay.protocol import run as runs
from assay.protocol.bundle import digest
from assay.protocol.report import Outcome, Reason
from tests.support.postgres import Server

CONTRACT = """contract shop.orders version 1.0.0 {
  dataset shop.public.orders
  param least decimal(12, 2) = 0

  column id      bigint  required
  column amount  decimal(12, 2)
  column note    text

  check rows > 0
  check min(amount) >= least
}
"""
TABLE = """
CREATE TABLE public.orders (id bigint NOT NULL, amount decimal(12, 2), note text);
INSERT INTO public.orders SELECT i, i, 'canary' FROM generate_series(1, 10) i
"""
SLOW = """
CREATE VIEW public.orders AS
SELECT i::bigint AS id, i::decimal(12, 2) AS amount, pg_sleep(60)::text AS note FROM generate_series(1, 3) i
WHERE pg_sleep(60) IS NOT NULL
"""
COMMAND = ["python3", "-I", "-m", "assay.runner"]
# In a pod these two are what the kubelet mounts.
ELSEWHERE = """
import pathlib, sys
from assay.runner import job
job.SECRETS, job.TERMINATION = (pathlib.Path(sys.argv.pop(1)) for _ in range(2))
sys.exit(job.main(sys.argv[1:]))
"""


@dataclass
class Pod:
    """What the kubelet would make of the manifests: files in a folder, the command, the environment."""

    folder: Path
    command: list[str]
    secret: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """Where Secrets would be mounted."""
        return self.folder / "secrets"

    @property
    def termination(self) -> Path:
        return self.folder / "termination-log"

    def start(self) -> subprocess.Popen[bytes]:
        where = {"PATH": os.environ["PATH"], **self.environment}
        return subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=where)

    def run(self) -> tuple[int, bytes, dict[str, str]]:
        """Exit code, standard output, and the termination message."""
        process = self.start()
        out, err = process.communicate(timeout=60)
        told = msgspec.json.decode(err, type=dict[str, str]) if process.returncode else {}
        assert b"canary" not in out + err
        for value in self.secret.values():
            assert value.encode() not in out + err
        return process.returncode, out, told

    def told(self) -> tuple[int, dict[str, str]]:
        code, _, told = self.run()
        return code, told

    def change(self, file: str, **fields: Any) -> None:
        path = self.folder / file
        path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | fields))


def deploy(
    folder: Path, server: Server, *, mode: str = "env", params: dict[str, str] | None = None, **binding: Any
) -> Pod:
    made = compile_contract("orders.contract", {"orders.contract": CONTRACT}.get, ["postgres"])
    assert not made.failed, made.diagnostics
    program = made.programs["postgres"]
    source = {
        "type": "postgres",
        "host": "${env.DB_HOST}",
        "port": server.port,
        "database": server.dbname,
        "user": server.user,
        "password": "${env.DB_PASSWORD}",
    }
    bound = {
        "secretName": "assay-source-shop",
        "keys": ["DB_HOST", "DB_PASSWORD"],
        "hosts": [server.host],
        "ports": [server.port],
        "mode": mode,
        **binding,
    }
    image = "registry.example.com/assay-runner@sha256:" + "0123456789abcdef" * 4
    sink = Sink()
    profile = parse_profile({"namespace": "assay-runs", "image": image, "sources": {"shop": bound}}, sink)
    assert profile is not None, sink.items
    found = manifests(program.sealed.data, program.lowered.bundle, source, profile, sink, params=params or {})
    assert found, sink.items
    objects = {each["kind"]: each for each in (yaml.safe_load(one.text) for one in found)}
    return mount(folder, objects, {"DB_HOST": server.host, "DB_PASSWORD": server.password})


def mount(folder: Path, objects: dict[str, Any], secret: dict[str, str]) -> Pod:
    """As the kubelet does: a ConfigMap's files are links to files in a hidden folder."""
    hidden = folder / "..data"
    hidden.mkdir(parents=True)
    for name, text in objects["ConfigMap"]["data"].items():
        (hidden / name).write_text(text, encoding="utf-8")
        (folder / name).symlink_to(Path("..data") / name)
    pod = objects["Job"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    *command, spec = container["command"]
    assert [*command, spec] == [*COMMAND, "--spec", "/etc/assay/run.json"]
    interpreter, *rest = command
    assert interpreter == "python3"
    made = Pod(folder, [sys.executable, *rest, str(folder / Path(spec).name)], secret)
    for variable in container.get("env", ()):
        made.environment[variable["name"]] = secret[variable["valueFrom"]["secretKeyRef"]["key"]]
    made.files.mkdir()
    for volume in pod["volumes"]:
        for each in volume.get("projected", {}).get("sources", ()):
            for item in each["secret"]["items"]:
                (made.files / item["path"]).write_text(secret[item["key"]], encoding="utf-8")
    return made


def elsewhere(pod: Pod) -> None:
    """The same process with the kubelet's two mounts in the test's folder."""
    pod.termination.touch()
    inside = [str(pod.files), str(pod.termination), *pod.command[-2:]]
    pod.command = [sys.executable, "-I", "-c", ELSEWHERE, *inside]


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
