"""The messages between hub, agent, runner and command line, as msgspec types; imports nothing else of Assay.

bundle     what the compiler seals and the runner executes
report     what a run may say to the outside: numbers, enums, and names that the contract itself wrote
address    where the hub is, and that it is spoken to over TLS
run        what one Job is told besides the bundle and the data source
source     a data source as configured, with placeholders in place of secrets
warehouse  where failed rows go, and what of them may be kept
wire       what all messages have in common: ids, limits, codes, canonical bytes
decoding   JSON to messages, by any number of threads
agent      agent and hub: enrol, session, poll, work order, accept, events, complete
delivery   runner and hub: the start gate, results, commit
user       people and hub: contracts, sources, schedules, runs
endpoints  every endpoint of the hub as one table
"""
