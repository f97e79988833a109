"""Imports are followed, definitions are seen once, and what nobody uses is said."""

from __future__ import annotations

import pytest

from assay.compiler.diagnostics import Sink
from assay.compiler.parse import parse
from assay.compiler.resolve import imports_of, resolve, target_of
from assay.compiler.source import Source
from tests.support.contracts import codes, compiled, meaning, say, the, whole

BIG = "let big(x) = x > 1000\n"
USE = "check count(big(amount)) = 0"


@pytest.mark.parametrize(
    ("importer", "path", "name"),
    [
        ("a.contract", "b.contract", "b.contract"),
        ("x/a.contract", "b.contract", "x/b.contract"),
        ("x/a.contract", "../b.contract", "b.contract"),
        ("x/a.contract", "./y/../b.contract", "x/b.contract"),
        ("a.contract", "../b.contract", None),
        ("x/a.contract", "../../b.contract", None),
        ("a.contract", "/etc/passwd", None),
        ("a.contract", "x\\b.contract", None),
    ],
)
def test_paths_are_relative_to_the_importing_file(importer: str, path: str, name: str | None) -> None:
    assert target_of(importer, path) == name


def test_imports_come_in_order_with_their_places() -> None:
    text = 'import "b.contract"\nimport "../out.contract"\nimport "a.contract"\n'
    found = imports_of(parse(Source("c.contract", text), Sink()))
    assert [name for name, _ in found] == ["b.contract", "a.contract"]
    assert text[found[0][1].start : found[0][1].end] == '"b.contract"'


def test_a_let_of_an_imported_file_is_known() -> None:
    contract = meaning("rule r: not big(amount)", {"a.contract": BIG}, 'import "a.contract"\n')
    assert say(getattr(the(contract, "orders.r"), "breaking")) == "gt(amount, 1000)"  # noqa: B009


def test_an_import_may_lead_to_another() -> None:
    others = {"x/a.contract": 'import "b.contract"\n', "x/b.contract": BIG}
    assert codes(USE, others, 'import "x/a.contract"\n') == []


def test_a_file_reached_on_two_ways_is_one_file() -> None:
    others = {"a.contract": 'import "c.contract"\n', "b.contract": 'import "c.contract"\n', "c.contract": BIG}
    assert codes(USE, others, 'import "a.contract"\nimport "b.contract"\n') == []


def test_a_missing_file_is_named() -> None:
    _, said = compiled('import "company.contract"\n' + whole(""))
    assert [(d.code, d.facts["name"]) for d in said] == [("E210", "company.contract")]


def test_a_circle_is_shown() -> None:
    others = {"a.contract": 'import "b.contract"\n' + BIG, "b.contract": 'import "a.contract"\n'}
    _, said = compiled('import "a.contract"\n' + whole(USE), others)
    assert [(d.code, d.facts["cycle"]) for d in said] == [("E212", "a.contract -> b.contract -> a.contract")]


def test_a_file_that_imports_itself_is_a_circle() -> None:
    _, said = compiled('import "orders.contract"\n' + whole(""))
    assert [(d.code, d.facts["cycle"]) for d in said] == [("E212", "orders.contract -> orders.contract")]


def test_a_long_chain_of_imports_is_no_problem() -> None:
    others = {f"f{n}.contract": f'import "f{n + 1}.contract"\n' for n in range(2000)}
    others["f2000.contract"] = BIG
    assert codes(USE, others, 'import "f0.contract"\n') == []


def test_a_definition_in_two_files_names_both_places() -> None:
    _, said = compiled('import "a.contract"\n' + BIG + whole(USE), {"a.contract": BIG})
    assert [d.code for d in said] == ["E222"]
    assert said[0].labels[0].span.file == "a.contract"


def test_a_library_holds_no_contract() -> None:
    assert codes(USE, {"a.contract": BIG + whole("")}, 'import "a.contract"\n') == ["E214"]


def test_the_root_holds_one_contract() -> None:
    assert [d.code for d in compiled(BIG)[1]] == ["E215"]
    assert [d.code for d in compiled(whole("") + "contract b.c { dataset s.t }\n")[1]] == ["E216"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("column amount int", "E220"),
        ("param amount int", "E221"),
        ("let amount = id > 5", "E221"),
        ("rule r: id > 5\nrule r: id > 6", "E221"),
        ("param p int\nparam p int", "E221"),
        ("let f(a, a) = a > 1\nrule r: f(id, id)", "E231"),
        ("let avg = id > 5\nrule r: avg", "E223"),
        ("let coalesce(a) = a > 1\nrule r: coalesce(id)", "E223"),
    ],
)
def test_a_name_means_one_thing(body: str, code: str) -> None:
    assert code in codes(body)


def test_a_column_may_be_called_like_a_metric() -> None:
    assert codes("column rows int\nrule r: rows > 5\ncheck rows > 5\ncheck sum(rows) > 5") == []


def test_a_format_of_the_author_hides_the_standard_one() -> None:
    contract = meaning("column x text matches email", before="format email /@/\n")
    assert say(getattr(the(contract, "orders.x.matches"), "breaking")) == "not(matches(x, /@/))"  # noqa: B009


def test_a_format_with_a_fault_is_found_although_nothing_uses_it() -> None:
    assert set(codes("", before="format x /(?=a)/\n")) == {"E350", "W202"}


def test_what_nobody_uses_is_said() -> None:
    assert codes("param p int") == ["W203"]
    assert codes("let a = id > 5") == ["W202"]
    assert codes("let a = id > 5\nlet b = a") == ["W202", "W202"]
    assert codes("let a = id > 5\nlet b = a\nrule r: b") == []
    assert codes("", {"a.contract": BIG}, 'import "a.contract"\n') == ["W201"]
    assert codes("column x text missing matches blank", before="format blank /^-$/\n") == []


def test_resolving_goes_on_without_a_contract() -> None:
    sink = Sink()
    source = Source("a", BIG)
    found = resolve("a", {"a": parse(source, sink)}, sink, {"a": source})
    assert found.contract is None
    assert list(found.lets) == ["big"]


def test_names_that_a_missing_file_may_define_are_not_reported_as_well() -> None:
    body = (
        "rule r: big(amount)\ncheck gap(amount) < 5%\ncolumn x text matches vat_number\nrule s: amount = 'a'"
    )
    assert codes(body, before='import "company.contract"\n') == ["E210", "E301"]


def test_a_parameter_may_be_called_like_a_function() -> None:
    assert codes("param day_of_year int = 5\nrule r: id > day_of_year") == []
    for name in ("rows", "now", "now_micros"):
        assert codes(f"param {name} bigint = 5\nrule r: id > {name}") == ["E223"]
