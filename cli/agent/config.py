"""agent.yml: where the hub and the cluster are, and what a run may use; a place for every fault.

token: token                    # the file with the agent's token, beside this one
slots: 20                       # Jobs at once
startDeadline: 600              # seconds until a pod must have started
cluster: {kubeconfig: …}        # without it: the cluster that the agent runs in
health: {port: 8081}
deployment: {namespace: assay-runs, image: …, hub: {url: …}, sources: …}
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assay.cli.files import read_text
from assay.cli.problems import InputError, listed, problem

if TYPE_CHECKING:
    from assay.agent.settings import ClusterSettings, HealthSettings, Settings
    from assay.compiler.diagnostics import Sink
    from assay.compiler.profile import Profile
    from assay.protocol.agent import Jwk

NAME = "agent.yml"
LIMIT = 1024 * 1024
KEYS = ("token", "slots", "startDeadline", "jobAuth", "excessRights", "cluster", "health", "deployment")
CLUSTER_KEYS = ("kubeconfig", "context", "id", "issuer", "keys")
HEALTH_KEYS = ("address", "port", "file")


def load(file: Path) -> Settings:
    """Raises InputError with every fault that there is."""
    text = read_text(file, str(file), LIMIT)
    if text is None:
        raise problem("E636", file=str(file))
    return parse(text, str(file), file.parent)


def parse(text: str, shown: str, folder: Path) -> Settings:
    from assay.cli.yamltree import Mapping, read_yaml
    from assay.compiler.diagnostics import Sink
    from assay.compiler.source import Source

    sink, source = Sink(), Source(shown, text)
    tree = read_yaml(source, sink)
    settings = None
    if isinstance(tree, Mapping):
        settings = _Reader(tree, sink, shown, folder).settings()
    elif not sink.failed:
        message = f"{shown} is a mapping of " + listed(KEYS)
        span = None if tree is None else tree.span
        sink.add(
            "E607", span, message=message, label="not a mapping", advice="see docs/agent.md for a first one"
        )
    if settings is None or sink.failed:
        raise InputError(sink.items, {shown: source})
    return settings


class _Reader:
    """Reads values of the file: every fault is one diagnostic, and a stand-in goes on."""

    def __init__(self, tree: Any, sink: Sink, shown: str, folder: Path) -> None:
        self.tree, self.sink, self.shown, self.folder = tree, sink, shown, folder

    def settings(self) -> Settings | None:
        import msgspec

        from assay.agent.settings import SLOTS, START_SECONDS, Settings
        from assay.cli.yamltree import plain

        doc: dict[str, object] = plain(self.tree)
        self.known("", doc, KEYS)
        token = self.path("token", doc.get("token"))
        if doc.get("token") is None:
            self.missing("token", "name the file that `assay agent enrol` writes: `token: token`")
        slots = self.number("slots", doc.get("slots"), SLOTS, 1, 1_000)
        start = self.number("startDeadline", doc.get("startDeadline"), START_SECONDS, 30, 86_400)
        auth = self.choice("jobAuth", doc.get("jobAuth"), ("projected", "token"))
        excess = self.choice("excessRights", doc.get("excessRights"), ("refuse", "warn"))
        cluster, health = self.cluster(doc.get("cluster")), self.health(doc.get("health"))
        profile = self.profile(doc.get("deployment"))
        if profile is None or profile.hub is None or token is None or self.sink.failed:
            return None
        job_auth: Literal["projected", "token"] = "token" if auth == "token" else "projected"
        rights: Literal["refuse", "warn"] = "warn" if excess == "warn" else "refuse"
        return Settings(
            token=token,
            profile=profile,
            hub=profile.hub,
            deployment=msgspec.json.encode(doc["deployment"]),
            slots=slots,
            start_seconds=start,
            job_auth=job_auth,
            excess_rights=rights,
            cluster=cluster,
            health=health,
        )

    def profile(self, doc: object) -> Profile | None:
        from assay.cli.yamltree import place
        from assay.compiler.diagnostics import Sink
        from assay.compiler.profile import parse_profile

        if doc is None:
            self.missing("deployment", "write what a run may use, as in assay.yml")
            return None
        inner = Sink()
        profile = parse_profile(doc, inner)
        for item in inner.items:
            where = item.facts.get("path", "")
            tail = item.facts.get("name", "") if item.code == "E502" else ""
            path = ".".join(
                word for word in ("deployment", where if where != "profile" else "", tail) if word
            )
            span = place(self.tree, path, key=item.code in ("E502", "E503"))
            self.sink.add(item.code, span, suggestion=item.suggestion, labels=item.labels, **item.facts)
        if profile is not None and profile.hub is None:
            self.missing("deployment.hub", "write `hub: {url: https://hub.example.com}` under `deployment`")
        return profile

    def cluster(self, value: object) -> ClusterSettings:
        from assay.agent.settings import ClusterSettings

        doc = self.mapping("cluster", value, CLUSTER_KEYS)
        keys = self.keys(doc.get("keys"))
        issuer = self.text("cluster.issuer", doc.get("issuer")) or ""
        if keys and not issuer:
            self.missing("cluster.issuer", "write the issuer of the tokens that the keys are for")
        return ClusterSettings(
            kubeconfig=self.path("cluster.kubeconfig", doc.get("kubeconfig")),
            context=self.text("cluster.context", doc.get("context")),
            id=self.uid(doc.get("id")),
            issuer=issuer,
            keys=keys,
        )

    def uid(self, value: object) -> str | None:
        import uuid

        text = self.text("cluster.id", value)
        if text is None:
            return None
        try:
            return str(uuid.UUID(text))
        except ValueError:
            advice = "`kubectl get namespace NAME -o jsonpath={.metadata.uid}` shows it"
            self.wrong("cluster.id", "`cluster.id` is the uid of the namespace that Jobs run in", advice)
            return None

    def keys(self, value: object) -> tuple[Jwk, ...]:
        from assay.agent.cluster.answers import Refused
        from assay.agent.cluster.identity import key_set

        file = self.path("cluster.keys", value)
        if file is None:
            return ()
        try:
            return key_set(file.read_bytes())
        except OSError as error:
            advice = f"it cannot be read: {(error.strerror or type(error).__name__).lower()}"
            self.wrong("cluster.keys", "`cluster.keys` names a file with a JSON Web Key Set", advice)
        except Refused:
            advice = "`kubectl get --raw /openid/v1/jwks` prints it"
            self.wrong("cluster.keys", "the file holds no public keys of a JSON Web Key Set", advice)
        return ()

    def health(self, value: object) -> HealthSettings:
        from assay.agent.settings import HealthSettings

        doc = self.mapping("health", value, HEALTH_KEYS)
        return HealthSettings(
            address=self.text("health.address", doc.get("address")) or "127.0.0.1",
            port=self.number("health.port", doc.get("port"), 0, 1, 65_535),
            file=self.path("health.file", doc.get("file")),
        )

    # -- single values

    def fault(
        self, code: str, path: str, message: str, advice: str, *, key: bool = False, label: str = ""
    ) -> None:
        from assay.cli.yamltree import place

        span = place(self.tree, path, key=key)
        self.sink.add(code, span, message=message, advice=advice, label=label)

    def wrong(self, path: str, message: str, advice: str) -> None:
        self.fault("E607", path, message, advice, label="not a value for this key")

    def missing(self, path: str, advice: str) -> None:
        self.fault("E610", path, f"{self.shown} needs `{path}`", advice, key=True)

    def known(self, path: str, doc: dict[str, object], names: tuple[str, ...]) -> None:
        from assay.compiler.diagnostics import did_you_mean

        for key in doc:
            if key not in names:
                near = did_you_mean(key, names)
                advice = f"did you mean `{near}`?" if near else "the keys here are " + listed(names)
                name = f"{path}.{key}".lstrip(".")
                self.fault("E605", name, f"{self.shown} has no `{name}`", advice, key=True)

    def mapping(self, path: str, value: object, names: tuple[str, ...]) -> dict[str, object]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(path, f"`{path}` is a mapping", "its keys are " + listed(names))
            return {}
        self.known(path, value, names)
        return value

    def text(self, path: str, value: object) -> str | None:
        if value is None or (isinstance(value, str) and value and value.isprintable()):
            return value
        self.wrong(path, f"`{path}` takes text", "write a word, in quotes where it looks like something else")
        return None

    def path(self, path: str, value: object) -> Path | None:
        """Relative to the folder of the file."""
        text = self.text(path, value)
        return None if text is None else self.folder / Path(text).expanduser()

    def number(self, path: str, value: object, default: int, low: int, high: int) -> int:
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(path, f"`{path}` takes a whole number", f"choose a value from {low} to {high}")
        return default

    def choice(self, path: str, value: object, names: tuple[str, ...]) -> str:
        if value is None or value in names:
            return str(value or names[0])
        self.wrong(path, f"`{path}` takes a word", "choose one of " + listed(names))
        return names[0]
