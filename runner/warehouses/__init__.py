"""Where failed rows are kept, behind the port of `runner/store.py`: one adapter each, one conformance suite.

duckdb    a file, for one machine                    duckdb_file  opening it
postgres  a database, for a network                  postgres_session  its connection
          postgres_schema, postgres.sql  its tables and roles      postgres_cells  its types
cells     what both agree on: cells as text, names of columns and tables
"""
