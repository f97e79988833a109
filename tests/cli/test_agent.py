"""agent.yml: everything in it is read, and every fault is told at its place. `assay agent`: how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.cli.agent.config import CLUSTER_KEYS, HEALTH_KEYS, KEYS, load, parse
from assay.cli.problems import InputError
from assay.compiler.access import Tls
from assay.compiler.codes import agent as codes
from assay.compiler.render import explain, render_text
from tests.cli.conftest import Ended

Assay = Callable[..., Ended]
IMAGE = "registry.example.com/assay-runner@sha256:" + "0123456789abcdef" * 4
UID = "0b8f6a1c-3a3e-4c5e-9d39-0d7a1c2b3e4f"
ROOT = Path(__file__).parents[2]


def document(**changes: Any) -> dict[str, Any]:
    return {
        "token": "token",
        "deployment": {
            "namespace": "assay-runs",
            "image": IMAGE,
            "hub": {"url": "https://hub.example.com"},
            "sources": {"shop": {"secretName": "assay-source-shop", "keys": ["PW"], "hosts": ["db"]}},
        },
    } | changes


def told(doc: Any, folder: Path = Path("/etc/assay")) -> list[tuple[str, str]]:
    """Codes, and the lines that they point to."""
    text = doc if isinstance(doc, str) else yaml.safe_dump(doc, sort_keys=False)
    with pytest.raises(InputError) as caught:
        parse(text, "agent.yml", folder)
    found = []
    for item in caught.value.items:
        lines = [""] if item.span is None else text[item.span.start :].splitlines()[:1] or [""]
        before = "" if item.span is None else text[: item.span.start].rpartition("\n")[2]
        found.append((item.code, (before + lines[0]).strip()))
        render_text([item], caught.value.sources)
    return found


def test_every_key_is_read(folder: Path) -> None:
    keys = folder / "jwks.json"
    keys.write_text(json.dumps({"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "BB"}]}))
    doc = document(
        slots=100,
        startDeadline=60,
        jobAuth="token",
        excessRights="warn",
        cluster={
            "kubeconfig": "kube/config",
            "context": "prod",
            "id": UID.upper(),
            "issuer": "https://kubernetes.default.svc",
            "keys": "jwks.json",
        },
        health={"address": "0.0.0.0", "port": 8081, "file": "/tmp/healthy"},  # noqa: S104, S108
    )
    assert set(doc) == set(KEYS)
    assert set(doc["cluster"]) == set(CLUSTER_KEYS)
    assert set(doc["health"]) == set(HEALTH_KEYS)
    file = folder / "agent.yml"
    file.write_text(yaml.safe_dump(doc))
    found = load(file)
    assert (found.slots, found.start_seconds, found.job_auth, found.excess_rights) == (
        100,
        60,
        "token",
        "warn",
    )
    assert found.token == folder / "token"
    assert found.cluster.kubeconfig == folder / "kube/config"
    assert (found.cluster.context, found.cluster.id) == ("prod", UID)
    assert [key.crv for key in found.cluster.keys] == ["P-256"]
    assert (found.health.port, found.health.file) == (8081, Path("/tmp/healthy"))  # noqa: S108
    assert found.hub.url == "https://hub.example.com"
    assert json.loads(found.deployment) == doc["deployment"]


def test_defaults(folder: Path) -> None:
    found = parse(yaml.safe_dump(document()), "agent.yml", folder)
    assert (found.slots, found.start_seconds, found.job_auth, found.excess_rights) == (
        20,
        600,
        "projected",
        "refuse",
    )
    assert (found.cluster.kubeconfig, found.cluster.id, found.health.port) == (None, None, 0)
    binding = found.profile.binding("shop")
    assert binding is not None
    assert binding.access.tls is Tls.VERIFY_FULL


WRONG: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"slots": 0}, ("E607", "slots: 0")),
    ({"slots": True}, ("E607", "slots: true")),
    ({"startDeadline": 5}, ("E607", "startDeadline: 5")),
    ({"jobAuth": "password"}, ("E607", "jobAuth: password")),
    ({"excessRights": False}, ("E607", "excessRights: false")),
    ({"slot": 5}, ("E605", "slot: 5")),
    ({"token": 7}, ("E607", "token: 7")),
    ({"token": None}, ("E610", "token: null")),
    ({"cluster": "prod"}, ("E607", "cluster: prod")),
    ({"cluster": {"kubecfg": "x"}}, ("E605", "kubecfg: x")),
    ({"cluster": {"id": "prod"}}, ("E607", "id: prod")),
    ({"cluster": {"keys": "nowhere.json"}}, ("E607", "keys: nowhere.json")),
    ({"health": {"port": 70_000}}, ("E607", "port: 70000")),
    ({"health": []}, ("E607", "health: []")),
    ({"deployment": None}, ("E610", "deployment: null")),
    ({"deployment": []}, ("E501", "deployment: []")),
]


@pytest.mark.parametrize(("change", "expected"), WRONG, ids=[str(change) for change, _ in WRONG])
def test_one_slip_is_one_message_at_its_place(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert told(document(**change)) == [expected]


def test_a_deployment_without_hub_is_none_for_an_agent() -> None:
    doc = document()
    del doc["deployment"]["hub"]
    assert [code for code, _ in told(doc)] == ["E610"]


def test_all_faults_are_told_at_once() -> None:
    doc = document(slots=0, tokn="x", health={"port": 0})
    doc["deployment"] |= {"image": "latest", "namespace": "A", "hub": {"url": "ftp://hub"}}
    doc["deployment"]["sources"]["shop"] |= {"secretName": "hub-token", "tls": "none"}
    del doc["token"]
    codes = [code for code, _ in told(doc)]
    assert sorted(codes) == ["E504", "E505", "E509", "E514", "E516", "E605", "E607", "E607", "E610"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E607"),
        ("[]", "E607"),
        ("token: &a x\nslots: *a\n", "E604"),
        ("token: [", "E603"),
        ("a: 1\na: 2\n", "E606"),
    ],
)
def test_what_is_no_plain_mapping_is_told(text: str, code: str) -> None:
    assert code in [found for found, _ in told(text)]


def test_the_configuration_of_the_docs_is_right(folder: Path) -> None:
    page = (ROOT / "docs" / "agent.md").read_text(encoding="utf-8")
    samples = [part.partition("```")[0] for part in page.split("```yaml\n")[1:]]
    (sample,) = [text for text in samples if text.startswith("token:")]
    assert parse(sample, "agent.yml", folder).slots == 50
    for key in set(KEYS) - {"cluster", "health"}:
        assert f"`{key}`" in page
    for key in CLUSTER_KEYS:
        assert f"`cluster.{key}`" in page
    for key in HEALTH_KEYS:
        assert f"`health.{key}`" in page


def test_a_missing_file_is_told(assay: Assay) -> None:
    ended = assay("agent", "run")
    assert ended.code == 2
    assert "agent.yml" in ended.err
    assert "Traceback" not in ended.err


def test_a_cluster_that_cannot_be_used_is_told(assay: Assay, folder: Path) -> None:
    (folder / "agent.yml").write_text(yaml.safe_dump(document(cluster={"kubeconfig": "nowhere"})))
    for arguments in (("run",), ("run", "--check")):
        ended = assay("agent", *arguments)
        assert ended.code == 2
        assert "E680" in ended.err
        assert "nowhere" in ended.err


def test_a_token_that_is_there_is_not_written_over(assay: Assay, folder: Path) -> None:
    (folder / "agent.yml").write_text(yaml.safe_dump(document()))
    (folder / "token").write_text("aya_kept")
    ended = assay("agent", "enrol", "berlin")
    assert ended.code == 2
    assert "E681" in ended.err
    assert (folder / "token").read_text() == "aya_kept"


def test_an_enrolment_needs_its_token(assay: Assay, folder: Path) -> None:
    (folder / "agent.yml").write_text(yaml.safe_dump(document()))
    (folder / "empty").write_text("\n")
    for file in ("empty", "nowhere"):
        ended = assay("agent", "enrol", "berlin", "--enrolment-token-file", file)
        assert ended.code == 2
        assert "E683" in ended.err


@pytest.mark.parametrize("code", codes.CODES, ids=lambda code: code.code)
def test_every_code_has_a_page(code: Any) -> None:
    assert explain(code.code)
    assert all((code.message, code.help, code.cause, code.example, code.fix))
