"""Ids are made of what a statement is about, and two statements never share one."""

from __future__ import annotations

import pytest

from assay.compiler.check.heads import part
from tests.support.contracts import HEAD, codes, compiled, meaning, metric, whole


@pytest.mark.parametrize(
    ("body", "ident"),
    [
        ("column x int required", "orders.x.required"),
        ("column x int unique", "orders.x.unique"),
        ("column x int in (1)", "orders.x.in"),
        ("column x int not in (1)", "orders.x.not_in"),
        ("column x int between 1 and 2", "orders.x.between"),
        ("column x int > 1", "orders.x.compare"),
        ("column x text matches /a/", "orders.x.matches"),
        ("column x text length < 5", "orders.x.length"),
        ("column x int references shop.t.id", "orders.x.references"),
        ("column x int > 1 as positive", "orders.positive"),
        ("unique (status, day)", "orders.status+day.unique"),
        ("references (status, day) to shop.t (s, d)", "orders.status+day.references"),
        ("rule r: id > 5", "orders.r"),
        ("check rows > 5", "orders.rows"),
        ("check avg(amount) > 5", "orders.amount.avg"),
        ("check correlation(amount, id) > 0", "orders.amount+id.correlation"),
        ("check sum(amount) / count(id) > 0", "orders.amount+id.sum+count"),
        ("check big: avg(amount) > 5", "orders.big"),
        ("check avg(amount) > 5 as big", "orders.big"),
        ("rule r: id > 5\ncheck violations(r) < 5", "orders.r.violations"),
        ("column `a.b` int > 1", "orders.`a.b`.compare"),
        ("column `größe (cm)` int > 1", "orders.größe (cm).compare"),
    ],
)
def test_ids(body: str, ident: str) -> None:
    assert ident in [c.head.id for c in meaning(body).checks]


def test_the_place_of_a_statement_is_no_part_of_its_id() -> None:
    one = {c.head.id for c in meaning("check rows > 5\ncheck avg(amount) > 5").checks}
    other = {c.head.id for c in meaning("\n\ncheck avg(amount) > 5\n\ncheck rows > 5").checks}
    assert one == other


def test_names_that_look_like_ids_cannot_take_their_place() -> None:
    assert part("a.b") == "`a.b`"
    assert part("a+b") == "`a+b`"
    assert part("a`b") == "`a``b`"
    assert part("a b") == "a b"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("column x int > 1 < 5", "E224"),
        ("check rows > 5\ncheck rows < 50", "E224"),
        ("check avg(amount) > 5\ncheck avg(amount) < 9 where status = 'a'", "E224"),
        ("unique (status, day)\nunique (status, day) where id > 5", "E224"),
        ("rule r: id > 5\ncheck r: rows > 5", "E225"),
        ("rule rows: id > 5\ncheck rows > 5", "E224"),
        ("rule schema: id > 5", "E225"),
        ("check a: rows > 5 as b", "E339"),
    ],
)
def test_two_statements_never_share_an_id(body: str, code: str) -> None:
    assert codes(body) == [code]


def test_two_checks_of_one_kind_both_stay_once_they_are_named() -> None:
    found = meaning("column x int > 1 as low < 5 as high").checks
    assert [c.head.id for c in found][-2:] == ["orders.low", "orders.high"]


def test_a_name_is_proposed() -> None:
    _, said = compiled(whole("check rows > 5\ncheck rows < 50"))
    assert said[0].facts["name"] == "rows_2"
    assert said[0].labels


def test_history_goes_on_under_a_new_id() -> None:
    assert metric("check few: rows > 5 was orders.rows", "orders.few").head.was == ("orders.rows",)


def test_the_last_part_of_the_contracts_name_comes_first() -> None:
    contract, _ = compiled(whole("").replace("shop.orders version", "a.b.`c.d` version"))
    assert contract is not None
    assert contract.schema.id == "`c.d`.schema"
    assert HEAD.startswith("contract shop.orders")
