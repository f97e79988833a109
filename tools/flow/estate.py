"""A hub on one side, a customer's cluster with its databases on the other, and one line between them.

The hub and the databases run on this machine; pods, and the agent, live in the cluster's network and reach the hub
through the line, which keeps every byte. deploy/ is in force, and the agent has the rights of its Role only.
"""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assay.protocol.user import (
    TERMINAL,
    ContractVersion,
    EnrolmentRequest,
    PublishRequest,
    Run,
    RunRequest,
    RunState,
)
from tests.cluster.deployment import AGENT, RUNS, deploy
from tests.support.postgres import Server
from tools.cluster import images
from tools.cluster.cluster import Cluster
from tools.cluster.pki import Authority
from tools.cluster.relay import Relay, relaying
from tools.flow.databases import secure_postgres
from tools.flow.programs import ASSAY, Hub, Program, run

GROUPS = ("system:serviceaccounts", "system:serviceaccounts:assay-system")
SOURCE, WAREHOUSE = "shop", "diagnostics"
NO_CHANGES: Mapping[str, Any] = {}


@dataclass
class Estate:
    """authority: signs the line's and the databases' certificates. image: of the runner, in the cluster."""

    folder: Path
    cluster: Cluster
    authority: Authority
    hub: Hub
    relay: Relay
    server: Server
    image: str
    agents: list[Program] = field(default_factory=list)

    @property
    def hub_port(self) -> int:
        return self.cluster.expose(self.relay.port)[1]

    @property
    def database(self) -> tuple[str, int]:
        """Where pods find the PostgreSQL."""
        return self.cluster.expose(self.server.port)

    def source(self, server: Server | None = None, **changes: Any) -> dict[str, Any]:
        """A data source as it is told to the hub: without its password."""
        one = server or self.server
        host, port = self.cluster.expose(one.port)
        document: dict[str, Any] = {
            "type": "postgres",
            "host": host,
            "port": port,
            "database": one.dbname,
            "user": one.user,
            "password": "${env.DB_PASSWORD}",
            "sslmode": "verify-full",
        }
        return document | changes

    def binding(self, secret: str) -> dict[str, Any]:
        host, port = self.database
        return {
            "secretName": secret,
            "keys": ["DB_PASSWORD"],
            "hosts": [host],
            "ports": [port],
            "tls": "verify-full",
            "ca": self.authority.certificate.decode(),
        }

    def deployment(self, sources: Mapping[str, Any] = NO_CHANGES, **changes: Any) -> dict[str, Any]:
        """The profile of the agent's file: what runs may use. sources: more of them, by name."""
        host = self.cluster.node_address
        own = self.binding(f"assay-source-{SOURCE}") | {"diagnostics": {"warehouse": WAREHOUSE}}
        ca = self.authority.certificate.decode()
        document: dict[str, Any] = {
            "namespace": RUNS,
            "image": self.image,
            "hub": {"url": f"https://{host}:{self.hub_port}", "ca": ca},
            "warehouses": {WAREHOUSE: self.binding(f"assay-warehouse-{WAREHOUSE}")},
            "sources": {SOURCE: own, **sources},
        }
        return document | changes

    def add_secret(self, name: str, **values: str) -> None:
        """What the customer keeps, and nobody of ours reads."""
        data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
        metadata = {"name": name, "namespace": RUNS}
        self.cluster.api.create(
            {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data, "immutable": True}
        )

    def add_agent(self, name: str = "agent", *, pool: str = "default", **settings: Any) -> Program:
        """Enrols an agent, in the cluster's network and with its Role; the caller starts it."""
        folder = self.folder / name
        folder.mkdir()
        kubeconfig = self.cluster.kubeconfig_for(AGENT, GROUPS).read_text(encoding="utf-8")
        (folder / "kubeconfig").write_text(
            kubeconfig.replace(self.cluster.url, self.cluster.api_address), encoding="utf-8"
        )
        document = {
            "token": "token",
            "cluster": {"kubeconfig": "kubeconfig"},
            "deployment": self.deployment(),
            **settings,
        }
        (folder / "agent.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
        enrolment = self.hub.call("create_enrolment", EnrolmentRequest(pool=pool)).token
        (folder / "enrolment").write_text(enrolment, encoding="ascii")
        told = ("--enrolment-token-file", "enrolment", "--config", "agent.yml")
        enrol = self._inside(name, folder, "agent", "enrol", name, *told)
        enrol.start()
        if enrol.wait() != 0:
            raise RuntimeError(f"the agent could not enrol:\n{enrol.tail()}")
        program = self._inside(name, folder, "agent", "run", "--config", "agent.yml")
        self.agents.append(program)
        return program

    def _inside(self, name: str, folder: Path, *arguments: str) -> Program:
        """A program in the cluster's network."""
        enter = ["nsenter", "--target", str(self.cluster.pid), "--net", "--"]
        return Program(name, [*enter, ASSAY, *arguments], folder)

    def publish(self, root: str, **files: str) -> ContractVersion:
        """Tells the hub a contract: its file, and those that it imports, by their stems."""
        texts = {f"{name}.contract": text for name, text in files.items()}
        made: ContractVersion = self.hub.call("publish", PublishRequest(root=root, files=texts))
        return made

    def tell_source(self, name: str, document: dict[str, Any]) -> None:
        """Tells the hub where data are, with placeholders in place of secrets."""
        self.hub.put("source", name, document)

    def tell_warehouse(self, name: str, document: dict[str, Any]) -> None:
        self.hub.put("warehouse", name, document)

    def queue(self, contract: str, **wishes: Any) -> str:
        """Queues a run; gives its id."""
        made: Run = self.hub.call("create_run", RunRequest(contract=contract, **wishes))
        return made.id

    def until(self, run: str, *states: RunState, seconds: float = 90) -> Run:
        """Waits for a run to be in one of these states, terminal ones where none is named."""
        wanted = frozenset(states) or TERMINAL
        until = time.monotonic() + seconds
        while (found := self.hub.run_of(run)).state not in wanted:
            if time.monotonic() > until:
                logs = "\n".join(f"-- {one.name}\n{one.tail()}" for one in (*self.agents, self.hub))
                raise TimeoutError(f"the run is {found.state.value} after {seconds:.0f} s\n{logs}")
            time.sleep(0.1)
        return found

    def init_warehouse(self) -> None:
        """Makes the warehouse's tables, as its owner does."""
        folder = self.folder / "warehouse"
        folder.mkdir(exist_ok=True)
        document = self.source() | {"host": "127.0.0.1", "port": self.server.port}
        (folder / "ca.pem").write_bytes(self.authority.certificate)
        document["sslrootcert"] = "ca.pem"
        (folder / "assay.yml").write_text(yaml.safe_dump({"warehouse": document}), encoding="utf-8")
        run(["warehouse", "init", "--apply"], folder, {"DB_PASSWORD": self.server.password})


@contextmanager
def estate(folder: Path, cluster: Cluster, *, store: str | None = None) -> Iterator[Estate]:
    """Everything but the agents, ready: hub, line, PostgreSQL, deploy/, the Secrets of source and warehouse."""
    authority = Authority()
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server = stack.enter_context(secure_postgres(authority, "127.0.0.1", cluster.node_address))
        hub = Hub(folder / "hub", store)
        hub.start()
        stack.callback(hub.kill)
        authority.server("127.0.0.1", cluster.node_address).write(folder, "line")
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(folder / "line.crt", folder / "line.key")
        relay = stack.enter_context(relaying(hub.port, tls))
        image = cluster.import_image(images.image(images.RUNNER))
        made = Estate(folder, cluster, authority, hub, relay, server, image)
        stack.callback(_end, made)
        deploy(cluster, image)
        made.add_secret(f"assay-source-{SOURCE}", DB_PASSWORD=server.password)
        made.add_secret(f"assay-warehouse-{WAREHOUSE}", DB_PASSWORD=server.password)
        yield made


def _end(made: Estate) -> None:
    for agent in made.agents:
        agent.kill()
