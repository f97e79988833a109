"""What `assay compile` writes, applied in a cluster with deploy/ in force, run by a real pod on a real PostgreSQL."""

from __future__ import annotations

import base64
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.protocol import report as reports
from assay.protocol.report import Outcome
from tests.cluster import deployment
from tests.cluster.deployment import AGENT, RUNS
from tests.cluster.objects import conditions, container_state, pods_of
from tests.support.postgres import Server
from tools.cluster.api import collection
from tools.cluster.cluster import Cluster, wait

CONTRACT = """contract shop.orders version 1.0.0 {
  dataset shop.public.orders

  column id      bigint  required
  column amount  decimal(12, 2)
  column note    text

  check rows > 0
  check min(amount) >= 0
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
BUSY = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'assay'
AND wait_event = 'PgSleep'
"""


@pytest.fixture(scope="module")
def deployed(cluster: Cluster, runner_image: str) -> Cluster:
    deployment.deploy(cluster, runner_image)
    return cluster


class Run:
    """A contract compiled by the command line, and its objects in the cluster."""

    def __init__(self, cluster: Cluster, folder: Path, image: str, server: Server, mode: str) -> None:
        self.api, self.secret = cluster.api, f"assay-source-{secrets.token_hex(4)}"
        host, port = cluster.expose(server.port)
        source = {
            "type": "postgres",
            "host": host,
            "port": port,
            "database": server.dbname,
            "user": server.user,
            "password": "${env.DB_PASSWORD}",
            "sslmode": "disable",
        }
        binding = {
            "secretName": self.secret,
            "keys": ["DB_PASSWORD"],
            "hosts": [host],
            "ports": [port],
            "mode": mode,
        }
        deployment = {"namespace": RUNS, "image": image, "sources": {"shop": binding}}
        (folder / "assay.yml").write_text(
            yaml.safe_dump({"sources": {"shop": source}, "deployment": deployment}), encoding="utf-8"
        )
        (folder / "orders.contract").write_text(CONTRACT, encoding="utf-8")
        assay = Path(sys.executable).with_name("assay")
        subprocess.run([assay, "compile"], cwd=folder, check=True, capture_output=True, timeout=60)
        self.objects: dict[str, Any] = {}
        for path in (folder / "compiled" / "orders").glob("*.yaml"):
            item = yaml.safe_load(path.read_text(encoding="utf-8"))
            self.objects[item["kind"]] = item
        self.name: str = self.objects["Job"]["metadata"]["name"]
        self.path = f"{collection(self.objects['Job'])}/{self.name}"

    def add_secret(self, password: str) -> None:
        self.api.create(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": self.secret, "namespace": RUNS},
                "data": {"DB_PASSWORD": base64.b64encode(password.encode()).decode()},
            }
        )

    def start(self) -> None:
        """As a person does, with kubectl."""
        for kind in ("ConfigMap", "Job"):
            self.api.create(self.objects[kind], fieldValidation="Strict")

    def ended(self, condition: str) -> Any:
        """The pod, when its Job is Complete or Failed."""
        try:
            wait(lambda: condition in conditions(self.api, RUNS, self.name), 90, f"{condition} Job")
        except TimeoutError as error:
            raise TimeoutError(f"{error}: {self.told()}") from None
        (pod,) = pods_of(self.api, RUNS, self.name)
        return pod

    def told(self) -> str:
        """What the cluster says about the Job and its pods."""
        events = self.api.get(f"/api/v1/namespaces/{RUNS}/events")["items"]
        mine = [each for each in events if each["involvedObject"]["name"].startswith(self.name)]
        states = [pod["status"] for pod in pods_of(self.api, RUNS, self.name)]
        return f"{[(each['reason'], each['message']) for each in mine]} {states}"

    def log(self, pod: Any) -> str:
        return self.api.text(f"/api/v1/namespaces/{RUNS}/pods/{pod['metadata']['name']}/log")

    def clean(self) -> None:
        self.api.send("DELETE", self.path, {"propagationPolicy": "Background"})
        config = self.objects["ConfigMap"]["metadata"]["name"]
        for plural, name in (("configmaps", config), ("secrets", self.secret)):
            self.api.send("DELETE", f"/api/v1/namespaces/{RUNS}/{plural}/{name}")


@pytest.fixture
def run(
    request: pytest.FixtureRequest,
    deployed: Cluster,
    tmp_path: Path,
    runner_image: str,
    postgres_database: Server,
) -> Iterator[Run]:
    made = Run(deployed, tmp_path, runner_image, postgres_database, getattr(request, "param", "env"))
    yield made
    made.clean()


@pytest.mark.parametrize("run", ["env", "file"], indirect=True)
def test_a_compiled_contract_runs_and_reports(run: Run, postgres_database: Server) -> None:
    with postgres_database.connect() as connection:
        connection.execute(TABLE.encode())
    run.add_secret(postgres_database.password)
    run.start()
    pod = run.ended("Complete")
    assert container_state(pod)["terminated"]["exitCode"] == 0
    log = run.log(pod)
    assert "canary" not in log
    report = reports.decode(log.encode())
    assert (report.contract, report.outcome) == ("shop.orders", Outcome.PASSED)


def test_a_wrong_password_ends_the_job_at_once_and_says_no_more_than_a_code(
    run: Run, postgres_database: Server
) -> None:
    with postgres_database.connect() as connection:
        connection.execute(TABLE.encode())
    run.add_secret("canary")
    run.start()
    pod = run.ended("Failed")
    assert conditions(run.api, RUNS, run.name)["Failed"] == "PodFailurePolicy"
    ended = container_state(pod)["terminated"]
    assert (ended["exitCode"], ended["message"]) == (77, '{"code":"28P01","stage":"connect"}')


def test_the_agents_way_with_the_agents_rights(
    deployed: Cluster, run: Run, postgres_database: Server
) -> None:
    """A suspended Job, a ConfigMap that belongs to it, then the start; the ConfigMap goes with the Job."""
    with postgres_database.connect() as connection:
        connection.execute(TABLE.encode())
    run.add_secret(postgres_database.password)
    job, config = run.objects["Job"], run.objects["ConfigMap"]
    job["spec"]["suspend"] = True
    with deployed.client(AGENT, ("system:serviceaccounts",)) as agent:
        uid = agent.create(job)["metadata"]["uid"]
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": run.name, "uid": uid}
        config["metadata"]["ownerReferences"] = [owner]
        agent.create(config)
        agent.patch(run.path, {"spec": {"suspend": False}})
        run.ended("Complete")
        agent.patch(run.path, {"spec": {"ttlSecondsAfterFinished": 300}})
        agent.delete(run.path)
    path = f"{collection(config)}/{config['metadata']['name']}"
    wait(lambda: run.api.send("GET", path).status == 404, 60, "end of the ConfigMap")


def test_a_job_that_is_deleted_cancels_its_query_at_the_server(run: Run, postgres_database: Server) -> None:
    run.add_secret(postgres_database.password)
    with postgres_database.connect() as connection:
        connection.execute(SLOW.encode())

        def busy() -> bool:
            return connection.execute(BUSY.encode()).fetchone() != (0,)

        run.start()
        wait(busy, 60, "running query")
        run.api.delete(run.path)
        wait(lambda: not busy(), 30, "end of the query")
    wait(lambda: not pods_of(run.api, RUNS, run.name), 60, "end of the pod")
