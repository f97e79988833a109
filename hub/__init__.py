"""The control plane: keeps contracts, sources with placeholders and schedules, queues instructions, hands each to
one agent at a time, takes in metrics. It never holds a row or a credential, and never says what a Job may be.

    tables, migrations   what is kept
    store                every read and write, as a function in a transaction
    keyring, tokens      encryption at rest; secrets, of which only hashes are kept
    refusal              how the hub says no
    machine              the states of an attempt, as one table
"""
