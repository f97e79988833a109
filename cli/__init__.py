"""The command line: `assay …`, one file per command.

main.py        the group; exit codes; what happens on a broken pipe, an interrupt, an error of our own
lazy.py        commands are imported when they are called: start-up stays short
project.py     which contracts, which folder, which assay.yml; reading files, confined to the project
config.py      assay.yml with a place for every fault (yamltree.py reads the YAML)
datafiles.py   `--data orders=orders.parquet`
cache.py       compiled bundles by digest, so that an unchanged contract is not compiled twice
programs.py    contract -> bundle, through the cache; many at once in processes
screen.py      what may reach a terminal: colour, width, harmless text
human.py       numbers and durations as people write them
verdicts.py    the lines of `verify`; terminal.py draws them, plain.py prints them
"""
