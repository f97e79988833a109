"""Executes a sealed bundle against its data source, judges it, and says what came out.

run                 one run from bundle to report: the way in
bundles             a bundle that can be executed, or a refusal
binds               `now`, `today` and the contract's parameters
engines             data sources behind one port
scans               every SELECT of numbers, with one bad measure kept from its neighbours
values, judge       exact numbers, and rules over them (pure); quick: the same over millions of groups
schema              declared columns against the engine's catalog (pure)
captures            failed rows, streamed into the store
store               the port for failed rows; warehouses: its adapters
cancel              stopping a run from outside
details             what stays on this side of the network
job, spec, secrets, __main__   the runner as a Job's process: what it is told
exits, ending       how it ends: exit codes, and what ends it from outside
verify              its one run, and what the report means for the scheduler
outbox              the warehouse as a Job uses it: what the hub is to get waits there
attempt             one attempt of a hub's instruction, from the start gate to the commit
hub, heart          the calls of the hub, and the thread that says that the pod lives
telling, scrub      codes for the log; secrets, looked for in all that goes out
"""
