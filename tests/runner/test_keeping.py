"""What is kept of failed rows: masks, columns and caps, of contract and customer, and the stricter of them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from decimal import Decimal

import msgspec
import pytest

from assay.protocol.bundle import Bundle, ColumnSpec, TypeSpec
from assay.protocol.warehouse import Mask, WarehousePolicy
from assay.runner.engines.port import Cell
from assay.runner.keeping import CUT, REDACTED, Keeping
from assay.runner.run import RunResult, run
from tests.runner.builders import bundle, capture, check, declared, fails, m, measure, query
from tests.runner.conftest import Engine
from tests.runner.warehouses import NOW, Place, cells

KEY = "a mask key of the tests"


def column(name: str, kind: str = "text", *, sensitive: bool = False, mask: Mask | None = None) -> ColumnSpec:
    return ColumnSpec(name, TypeSpec(kind), sensitive, mask)


def keeping(*columns: ColumnSpec, policy: WarehousePolicy | None = None) -> Keeping:
    one = msgspec.structs.replace(bundle([], [], []), columns=columns)
    return Keeping(one, policy or WarehousePolicy(), KEY.encode())


def guarded(
    kept: Keeping, columns: list[tuple[str, str]], *rows: tuple[Cell, ...]
) -> tuple[list[tuple[str, str]], list[tuple[Cell, ...]]]:
    found, batches = kept.guarded(columns, iter([list(rows)]))
    return list(found), [row for batch in batches for row in batch]


# -- masks

SECRET, HASH, PREFIX = Mask("redact"), Mask("hash"), Mask("prefix", 3)


@pytest.mark.parametrize(
    ("contract", "customer", "sensitive", "unmask", "expected"),
    [
        (None, None, False, False, None),
        (None, None, True, False, SECRET),
        (None, None, True, True, None),
        (HASH, None, True, False, HASH),
        (PREFIX, None, True, False, PREFIX),
        (HASH, None, True, True, HASH),
        (None, PREFIX, True, False, PREFIX),
        (PREFIX, HASH, False, False, HASH),
        (HASH, PREFIX, False, False, HASH),
        (SECRET, PREFIX, False, True, SECRET),
        (Mask("prefix", 2), Mask("prefix", 5), False, False, Mask("prefix", 2)),
    ],
)
def test_the_stricter_mask_counts(
    contract: Mask | None, customer: Mask | None, sensitive: bool, unmask: bool, expected: Mask | None
) -> None:
    policy = WarehousePolicy(masks={} if customer is None else {"a": customer}, unmask_sensitive=unmask)
    kept = keeping(column("a", sensitive=sensitive, mask=contract), column("b"), policy=policy)
    assert kept.mask("a") == expected
    assert kept.mask("b") is None


def test_a_mask_is_not_evaded_by_another_case_of_the_name() -> None:
    policy = WarehousePolicy(masks={"Email": SECRET}, columns=("email",))
    kept = keeping(column("EMAIL"), column("eMail", sensitive=True), policy=policy)
    assert kept.mask("EMAIL") == kept.mask("email") == SECRET


def test_masked_cells_are_text_and_a_missing_one_stays_missing() -> None:
    kept = keeping(
        column("h", mask=HASH), column("r", "int", mask=SECRET), column("p", mask=PREFIX), column("x")
    )
    columns, rows = guarded(
        kept,
        [("h", "DECIMAL(9,2)"), ("r", "INTEGER"), ("p", "VARCHAR"), ("x", "BIGINT")],
        (Decimal("1.50"), 7, "abcdefghij", 1),
        (None, None, None, None),
    )
    assert columns == [("h", "VARCHAR"), ("r", "VARCHAR"), ("p", "VARCHAR"), ("x", "BIGINT")]
    expected = hmac.new(KEY.encode(), b"1.50", hashlib.sha256).hexdigest()[:32]
    assert rows == [(expected, REDACTED, "abc…", 1), (None, None, None, None)]


@pytest.mark.parametrize(
    ("text", "shown"), [("", "…"), ("a", "…"), ("ab", "a…"), ("abcde", "ab…"), ("abcdefg", "abc…")]
)
def test_a_prefix_never_shows_more_than_half(text: str, shown: str) -> None:
    assert guarded(keeping(column("a", mask=PREFIX)), [("a", "VARCHAR")], (text,))[1] == [(shown,)]


def test_hashes_depend_on_the_key_and_on_nothing_else() -> None:
    one = keeping(column("a", mask=HASH), column("b", mask=HASH))
    ((first, second),) = guarded(one, [("a", "VARCHAR"), ("b", "BIGINT")], ("12", 12))[1]
    assert first == second
    other = Keeping(one.bundle, one.policy, b"another")
    assert guarded(other, [("a", "VARCHAR")], ("12",))[1] != [(first,)]
    assert KEY not in repr(one)


# -- caps


def test_a_long_text_is_cut_and_marked() -> None:
    kept = keeping(column("a"), policy=WarehousePolicy(cell=5))
    columns = [("a", "VARCHAR"), ("b", "BLOB"), ("c", "INTEGER[]")]
    _, rows = guarded(kept, columns, ("12345", b"12345", [1]), ("123456", b"123456", [1, 2, 3]))
    assert rows[0] == ("12345", b"12345".hex(), "[1]")
    assert rows[1] == ("12345" + CUT, b"12345".hex() + CUT, "[1, 2" + CUT)


def test_the_cap_of_bytes_ends_the_rows_and_not_in_the_middle_of_one() -> None:
    kept = keeping(column("a"), policy=WarehousePolicy(bytes=100))
    _, rows = guarded(kept, [("a", "VARCHAR")], *[("é" * 10,)] * 50)
    assert len(rows) == 5
    assert guarded(keeping(policy=WarehousePolicy(bytes=0)), [("a", "VARCHAR")], ("x",))[1] == []


def test_what_comes_after_the_cap_is_not_fetched() -> None:
    asked: list[int] = []

    def batches() -> Iterator[list[tuple[Cell, ...]]]:
        for number in range(100):
            asked.append(number)
            yield [("x" * 1000,)] * 10

    kept = keeping(policy=WarehousePolicy(bytes=25_000))
    _, found = kept.guarded([("a", "VARCHAR")], batches())
    assert sum(len(batch) for batch in found) == 25
    assert asked == [0, 1, 2]


def test_batches_are_of_bounded_size() -> None:
    wide: list[tuple[Cell, ...]] = [("x" * 4000,) for _ in range(2000)]
    _, found = keeping().guarded([("a", "VARCHAR")], iter([wide[:700], wide[700:]]))
    assert max(sum(len(str(row[0])) for row in batch) for batch in found) <= 1024 * 1024 + 4000
    narrow: list[list[tuple[Cell, ...]]] = [[(1,)]] * 2500
    _, found = keeping().guarded([("a", "INTEGER")], iter(narrow))
    assert [len(batch) for batch in found] == [1000, 1000, 500]


# -- through a whole run

TABLE = (
    "CREATE TABLE public.orders (id int, name varchar, phone varchar, price decimal(9, 2));"
    " INSERT INTO public.orders VALUES (1, 'canary one', '0032 475', 10), (2, 'canary two', null, 20),"
    " (3, 'canary three', '0032 476', 30)"
)


def spec(engine: Engine, *columns: ColumnSpec, keep: int = 100) -> Bundle:
    return bundle(
        columns or (declared("id", "int"), column("name", sensitive=True), column("phone", mask=PREFIX)),
        [
            query("s1", measure("bad", "count(*)")),
            query(
                "s2", measure("per", "count(*)"), measure("top", "max(phone)", "text", "phone"), keys=["name"]
            ),
        ],
        [
            check("bad", m("bad"), fails("=", "0"), failed=m("bad")),
            check("per", m("per"), fails(">", "1"), query="s2"),
            check("top", m("top"), fails("=", "0"), query="s2", withheld=True, unit="text"),
        ],
        [capture("bad", "id", "name", "phone", keep=keep)],
        dialect=engine.dialect,
    )


def execute(engine: Engine, place: Place, one: Bundle, policy: WarehousePolicy | None = None) -> RunResult:
    result = run(
        one, lambda _: engine.open(), store=place.writer, now=NOW, run_id="r1", policy=policy, mask_key=KEY
    )
    assert not result.report.store_failed, result.details.store_message
    return result


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.write(TABLE)
    return engine


def rows_of(place: Place) -> list[tuple[Cell, ...]]:
    return sorted(cells(place.reader.read("r1", "bad")), key=str)


def everything(place: Place) -> str:
    """All that the warehouse holds, as its owner sees it."""
    if place.kind == "duckdb":
        names = [name for (name,) in place.sql("SELECT table_name FROM duckdb_tables()")]
    else:
        names = [
            f"assay.{n}" for (n,) in place.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'assay'")
        ]
    return str([place.sql(f"SELECT * FROM {name}") for name in names])


def test_no_masked_value_reaches_the_warehouse_in_rows_or_keys(filled: Engine, place: Place) -> None:
    result = execute(filled, place, spec(filled))
    assert rows_of(place) == [(1, REDACTED, "003…"), (2, REDACTED, None), (3, REDACTED, "003…")]
    groups = place.reader.groups("r1", "per")
    assert {group.keys for group in groups} == {(REDACTED,)}
    assert {group.value for group in groups} == {"1"}
    assert {group.value for group in place.reader.groups("r1", "top")} == {None}
    assert "canary" not in everything(place)
    assert "0032 47" not in everything(place)
    assert "canary" in str(result.details.of("per").groups), "the person on this side sees the keys"


def test_the_binding_may_unmask_what_is_sensitive_and_nothing_else(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled), WarehousePolicy(unmask_sensitive=True))
    assert rows_of(place)[0] == (1, "canary one", "003…")


def test_a_column_that_is_not_listed_is_not_even_asked_for(filled: Engine, place: Place) -> None:
    result = execute(filled, place, spec(filled), WarehousePolicy(columns=("id", "phone")))
    found = place.reader.read("r1", "bad")
    assert found is not None
    assert [name for name, _ in found.columns] == ["id", "phone"]
    assert result.details.of("bad").rows_left_out == ("name",)
    assert {group.keys for group in place.reader.groups("r1", "per")} == {(REDACTED,)}


def test_where_no_column_is_left_nothing_is_kept(filled: Engine, place: Place) -> None:
    result = execute(filled, place, spec(filled), WarehousePolicy(columns=()))
    assert {one.id: one.kept_rows for one in result.report.checks}["bad"] is None
    assert result.report.checks[1].failed_rows == 3


@pytest.mark.parametrize(("keep", "rows", "kept"), [(100, 2, 2), (1, 100, 1), (100, 0, None)])
def test_the_smaller_number_of_rows_counts(
    filled: Engine, place: Place, keep: int, rows: int, kept: int | None
) -> None:
    result = execute(filled, place, spec(filled, keep=keep), WarehousePolicy(rows=rows))
    assert {one.id: one.kept_rows for one in result.report.checks}["bad"] == kept


def test_hashes_are_the_same_from_both_engines_and_in_every_run(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled, declared("id", "int"), column("name", mask=HASH), column("phone")))
    hashed = hmac.new(KEY.encode(), b"canary one", hashlib.sha256).hexdigest()[:32]
    assert rows_of(place)[0][:2] == (1, hashed)


LONG = {
    "duckdb": "CREATE TABLE public.orders AS SELECT 1 AS id, repeat('x', 100000) AS name,"
    " encode(repeat('y', 100000)) AS phone, range(50000) AS price",
    "postgres": "CREATE TABLE public.orders AS SELECT 1 AS id, repeat('x', 100000) AS name,"
    " convert_to(repeat('y', 100000), 'UTF8') AS phone,"
    " (SELECT array_agg(i) FROM generate_series(1, 50000) i) AS price",
}


def test_long_cells_are_cut_where_they_are(engine: Engine, place: Place) -> None:
    """T17: what the warehouse does not keep does not come over the wire either."""
    engine.write(LONG[engine.dialect])
    one = spec(engine, declared("id", "int"), column("name"), column("phone"))
    one = msgspec.structs.replace(
        one,
        captures=(capture("bad", "id", "name", "phone", "price"),),
        queries=one.queries[:1],
        checks=one.checks[:1],
    )
    execute(engine, place, one, WarehousePolicy(cell=10))
    ((id_, name, phone, price),) = cells(place.reader.read("r1", "bad"))
    assert (id_, name) == (1, "x" * 10 + CUT)
    assert phone == (b"y" * 10).hex() + CUT
    assert isinstance(price, str)
    assert len(price) == 10 + len(CUT)
