"""Where failed rows are kept, behind the port of `runner/store.py`.

duckdb    a file, for one machine
"""
