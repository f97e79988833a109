"""Templates: every variable is declared, and no value becomes structure."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, TemplateSyntaxError, UndefinedError, nodes

from assay.compiler.manifests import context
from assay.compiler.manifests import render as rendering
from assay.compiler.manifests.render import TemplateFault, fill, render, scalar

TEMPLATES = Path(__file__).parents[2] / "templates"
CONTEXTS = (context.Job, context.CronJob, context.ConfigMap, context.NetworkPolicy)
LABELS = (("a", "b"),)


def field_types(kind: type) -> dict[str, object]:
    hints = typing.get_type_hints(kind, dict(vars(context)))
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def uses(node: nodes.Node, scope: dict[str, object], used: set[tuple[str, str]]) -> None:
    """Walks a template with the types of its names; fails at one that no context has."""
    match node:
        case nodes.Include():
            assert isinstance(node.template, nodes.Const)
            uses(parsed(node.template.value), scope, used)
        case nodes.Name(ctx="load"):
            assert node.name in scope, f"{node.name} is not a field"
            used.add(("", node.name))
        case nodes.Getattr():
            assert isinstance(node.node, nodes.Name)
            kind = scope[node.node.name]
            assert isinstance(kind, type)
            assert node.attr in field_types(kind), f"{node.attr} is not a field of {kind.__name__}"
            used.add((kind.__name__, node.attr))
            uses(node.node, scope, used)
        case nodes.For():
            uses(node.iter, scope, used)
            item = typing.get_args(type_of(node.iter, scope))[0]
            inner = dict(scope)
            if isinstance(node.target, nodes.Tuple):
                names = [target.name for target in node.target.items if isinstance(target, nodes.Name)]
                inner |= dict(zip(names, typing.get_args(item), strict=True))
            else:
                assert isinstance(node.target, nodes.Name)
                inner[node.target.name] = item
            for child in node.body:
                uses(child, inner, used)
        case _:
            for child in node.iter_child_nodes():
                uses(child, scope, used)


def type_of(node: nodes.Node, scope: dict[str, object]) -> object:
    if isinstance(node, nodes.Name):
        return scope[node.name]
    assert isinstance(node, nodes.Getattr)
    assert isinstance(node.node, nodes.Name)
    kind = scope[node.node.name]
    assert isinstance(kind, type)
    return field_types(kind)[node.attr]


def parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True).parse((TEMPLATES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", CONTEXTS, ids=lambda kind: kind.__name__)
def test_every_variable_is_a_field_and_every_field_is_used(kind: type) -> None:
    used: set[tuple[str, str]] = set()
    uses(parsed(kind.TEMPLATE), field_types(kind), used)  # type: ignore[attr-defined]
    assert {name for owner, name in used if not owner} >= set(field_types(kind))
    if "job" in field_types(kind):
        declared = {("JobSpec", name) for name in field_types(context.JobSpec)}
        for part in (context.Variable, context.SecretFiles):
            declared |= {(part.__name__, name) for name in field_types(part)}
        assert declared == {pair for pair in used if pair[0]}


def test_every_template_has_a_context() -> None:
    names = {path.name for path in TEMPLATES.glob("*.yaml.j2")}
    assert names == {kind.TEMPLATE for kind in CONTEXTS} | {"jobspec.yaml.j2"}


TEXT = st.text() | st.text(alphabet="{}[]&*!|>%@`'\"#,:?- \n\t\r\0\x85\u2028\ufeff\\$()~<=")


@settings(deadline=None)
@given(TEXT)
def test_a_scalar_is_read_as_it_was(text: str) -> None:
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(scalar(text), Loader=loader) == text  # noqa: S506 - safe loaders


@settings(deadline=None)
@given(TEXT, TEXT, TEXT)
def test_no_text_becomes_structure(first: str, second: str, third: str) -> None:
    made = render(
        context.ConfigMap(
            "n", "ns", LABELS, ((first[:200], second),), second, third, first, ((first[:200], third),)
        )
    )
    loaded = yaml.safe_load(made.text)
    assert loaded == made.tree
    files = {"bundle.json": second, "source.json": third, "run.json": first}
    assert loaded["data"] == files | {first[:200]: third}
    assert loaded["metadata"]["annotations"] == {first[:200]: second}
    assert list(loaded) == ["apiVersion", "kind", "metadata", "immutable", "data"]


def emitted(template: str, value: object) -> str:
    finalize = lambda each: f"\0{scalar(each)}\0"  # noqa: E731 - as the environment has it
    return Environment(finalize=finalize, autoescape=False).from_string(template).render(x=value)  # noqa: S701


@pytest.mark.parametrize(
    "template",
    [
        "a: assay-{{ x }}",
        "a: 1 # {{ x }}",
        "a: '{{ x }}'",
        "a: |\n  {{ x }}",
        "a: &b {{ x }}\nc: *b",
        "a: !!str {{ x }}",
        'a: "@0"\nb: {{ x }}',
        'a: "@7"',
        "- {{ x }}",
        "a: {{ x }}\n---\nb: 1",
    ],
)
def test_a_careless_template_is_refused(template: str) -> None:
    with pytest.raises((TemplateFault, yaml.YAMLError)):
        fill(emitted(template, "x"))


@pytest.mark.parametrize("value", [1.5, None, ["a"], {"a": 1}, b"x"])
def test_only_texts_whole_numbers_and_booleans_are_scalars(value: object) -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        scalar(value)


def test_a_key_twice_is_refused() -> None:
    with pytest.raises(TemplateFault, match="twice"):
        render(context.ConfigMap("n", "ns", (("a", "1"), ("a", "2")), (), "", "", "", ()))


def test_a_variable_that_is_not_there_is_refused() -> None:
    @dataclasses.dataclass(frozen=True)
    class Less:
        TEMPLATE: typing.ClassVar[str] = "configmap.yaml.j2"
        name: str = "n"
        namespace: str = "ns"
        labels: context.Pairs = LABELS
        annotations: context.Pairs = ()

    with pytest.raises((UndefinedError, TypeError), match="ndefined"):
        render(typing.cast(context.Context, Less()))


def test_yaml_without_its_parser_in_c_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = context.ConfigMap("n", "ns", LABELS, (), "{}", "é\x85\U0001f98a\n", "", ())
    fast = render(sample)
    monkeypatch.delattr(yaml, "CSafeLoader")
    rendering._shape.cache_clear()
    assert render(sample) == fast
    rendering._shape.cache_clear()


def test_the_templates_parse() -> None:
    for path in TEMPLATES.glob("*.yaml.j2"):
        try:
            parsed(path.name)
        except TemplateSyntaxError as error:
            pytest.fail(f"{path.name}: {error}")
