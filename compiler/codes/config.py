"""E6xx: what stands around a contract: files, assay.yml, data, parameters. E9xx: a fault of Assay itself.

E601 to E609 speak of a file's form, E610 to E629 of data sources, E630 to E639 of files that are not there or
cannot be written, E640 to E659 of the command line. An example is a part of assay.yml, or a command.
"""

from __future__ import annotations

from assay.compiler.codes import Code

_HEAD = "sources:\n  warehouse:\n"
_REST = "    host: db.example.com\n    database: shop\n    user: assay\n"
_POSTGRES = _HEAD + "    type: postgres\n" + _REST

_FILES = (
    Code(
        "E601",
        "`{file}` cannot be read: {reason}",
        help="check the name and the rights of the file",
        cause="The file is there, but the system does not let it be read: its rights, or it is a folder.",
        example="$ assay check secret.contract      # mode 000",
        fix="$ chmod u+r secret.contract && assay check secret.contract",
    ),
    Code(
        "E602",
        "`{file}` is not text in UTF-8",
        help="byte {at} is {what}: save the file as UTF-8; a Parquet or CSV file is named with `--data`",
        cause="Contracts and assay.yml are text in UTF-8; other encodings are not guessed at.",
        example="$ assay check orders.parquet",
        fix="$ assay verify orders.contract --data orders.parquet",
    ),
    Code(
        "E608",
        "`{file}` is too large: {size}, the limit is {limit}",
        help="split the file: definitions can be imported, contracts can stand in files of their own",
        cause="A limit keeps a wrong file, such as data, from being read as text.",
        example="$ assay check export.csv",
        fix="$ assay verify orders.contract --data export.csv",
    ),
    Code(
        "E609",
        "`{file}` lies outside the project in `{root}`",
        help="move the file into the project; a link may not lead out of it",
        cause="A contract reads files of its own project alone, and means the same wherever that is.",
        example='import "../../other/company.contract"',
        fix='import "shared/company.contract"',
    ),
)

_YAML = (
    Code(
        "E603",
        "`{file}` is not valid YAML: {problem}",
        label="here",
        help="keys end in a colon and a blank; what belongs to a key is indented by two blanks",
        cause="assay.yml is YAML. Tabs cannot indent, and values with `: ` or ` #` in them need quotes.",
        example="sources:\n\twarehouse: 1\n",
        fix=_POSTGRES,
    ),
    Code(
        "E604",
        "assay.yml cannot hold {what}",
        label="not allowed here",
        help="write the value out",
        cause="Only the plain part of YAML is read: aliases, anchors, tags and merge keys make a file mean "
        "something other than what stands there, and a small one grow without bound.",
        example="sources:\n  a: &base\n    type: duckdb\n    folder: data\n  b: *base\n",
        fix="sources:\n  a:\n    type: duckdb\n    folder: data\n  b:\n    type: duckdb\n    folder: data\n",
    ),
    Code(
        "E605",
        "unknown key: {message}",
        label="not a known key",
        help="{advice}",
        cause="A misspelled key would be ignored in silence, and its default would hold.",
        example="source:\n  shop:\n    type: duckdb\n    folder: data\n",
        fix="sources:\n  shop:\n    type: duckdb\n    folder: data\n",
    ),
    Code(
        "E606",
        "the key `{name}` stands twice",
        label="a second time",
        help="keep one of the two",
        cause="YAML readers keep the last of two equal keys and drop the first in silence.",
        example="sources:\n  shop:\n    type: duckdb\n    folder: old\n    folder: new\n",
        fix="sources:\n  shop:\n    type: duckdb\n    folder: new\n",
    ),
    Code(
        "E607",
        "wrong value: {message}",
        label="{label}",
        help="{advice}",
        cause="The key is known, but takes another kind of value.",
        example="sources:\n  shop:\n    type: duckdb\n    folder: data\n    threads: many\n",
        fix="sources:\n  shop:\n    type: duckdb\n    folder: data\n    threads: 4\n",
    ),
    Code(
        "E610",
        "missing key: {message}",
        label="something is left out here",
        help="{advice}",
        cause="A data source needs its `type`, and each type what a connection cannot do without.",
        example="sources:\n  warehouse:\n    type: postgres\n    host: db.example.com\n    user: assay\n",
        fix=_POSTGRES,
    ),
    Code(
        "E611",
        "unknown type: {message}",
        label="not a type of data source",
        help="{advice}",
        cause="The type decides how to connect and which SQL is spoken.",
        example=_HEAD + "    type: postgress\n" + _REST,
        fix=_POSTGRES,
    ),
    Code(
        "E612",
        "the data source `{source}` is not configured",
        label="this contract's dataset is in `{source}`",
        help="add `{source}` under `sources` of assay.yml, or name a file: `--data {table}=FILE`",
        cause="The first part of a dataset's name is a data source. Where that is stands in assay.yml.",
        example="$ assay verify orders.contract      # dataset warehouse.public.orders, and no assay.yml",
        fix="$ assay verify orders.contract --data orders=orders.parquet",
    ),
    Code(
        "E613",
        "wrong placeholder: {message}",
        label="this cannot be filled in",
        help="{advice}",
        cause="`${{env.NAME}}` is for what differs from place to place: host, port, database, user and "
        "password. Anywhere else it could carry a secret to where it is seen.",
        example=_POSTGRES + "    sslmode: ${env.MODE}\n",
        fix=_POSTGRES + "    sslmode: verify-full\n",
    ),
    Code(
        "E614",
        "password in clear: {message}",
        label="a password in clear",
        help="{advice}",
        cause="A file with a password in it gets copied, mailed and committed.",
        example=_POSTGRES + "    password: hunter2\n",
        fix=_POSTGRES + "    password: ${env.WAREHOUSE_PASSWORD}\n",
    ),
    Code(
        "E615",
        "path outside the project: {message}",
        label="leads out of the folder",
        help="{advice}",
        cause="What assay.yml names lies beside or under it, so that a copy of the folder works anywhere.",
        example="sources:\n  shop:\n    type: duckdb\n    path: /srv/shop.duckdb\n",
        fix="sources:\n  shop:\n    type: duckdb\n    path: data/shop.duckdb\n",
    ),
    Code(
        "E616",
        "no value for {names}",
        help="set the environment variable before the command: `export {first}=…`",
        cause="A data source or the warehouse has the placeholder, and the environment has no such variable, "
        "or an empty one.",
        example="$ assay verify orders.contract      # WAREHOUSE_PASSWORD is not set",
        fix="$ WAREHOUSE_PASSWORD=… assay verify orders.contract",
    ),
    Code(
        "E617",
        "the value given for `{field}` does not fit",
        help="look at the variable that fills `{field}`: a port is a number, a mask key has 16 characters or more, "
        "nothing has line breaks",
        cause="The value itself is not shown, as it may be a secret.",
        example="$ PORT=many assay verify orders.contract",
        fix="$ PORT=5432 assay verify orders.contract",
    ),
    Code(
        "E618",
        "no dialect is known for the data source `{source}`",
        help="add `{source}` under `sources` of assay.yml, or choose: `--dialect {known}`",
        cause="SQL is made for one dialect; the type of the data source says which.",
        example="$ assay compile orders.contract",
        fix="$ assay compile orders.contract --dialect postgres",
    ),
    Code(
        "E619",
        "{file} has no warehouse",
        help="add `warehouse: {{type: postgres, host: …, database: …, user: …}}`; without one, failed rows are kept "
        "in a file",
        cause="`assay warehouse` is about the PostgreSQL database that failed rows are written to.",
        example="sources: {}\n",
        fix="warehouse: {type: postgres, host: db.example.com, database: diagnostics, user: assay}\n",
    ),
    Code(
        "E620",
        "the warehouse cannot be used: {reason}",
        help="{advice}",
        cause="What is in quotes are the database's own words.",
        example="$ assay rows orders.contract      # before `assay warehouse init`",
        fix="$ assay warehouse init --apply; assay verify; assay rows orders.contract",
    ),
)

_INPUT = (
    Code(
        "E630",
        "there is no contract `{file}`",
        help="contracts are files that end in `.contract`; `assay init` makes a first one",
        cause="The name was looked up from the current folder.",
        example="$ assay check oders.contract",
        fix="$ assay check orders.contract",
    ),
    Code(
        "E631",
        "there are no contracts in `{root}`",
        help="name a file, or make a first contract with `assay init`",
        cause="Without an argument all `*.contract` files of the project are meant: of the folder with "
        "assay.yml, or of the current one.",
        example="$ assay verify      # in an empty folder",
        fix="$ assay init && assay verify",
    ),
    Code(
        "E632",
        "there is no file `{file}`",
        help="a data file is named from the current folder",
        cause="What `--data` names has to exist.",
        example="$ assay verify orders.contract --data orders=oders.parquet",
        fix="$ assay verify orders.contract --data orders=orders.parquet",
    ),
    Code(
        "E633",
        "`{file}` is of no kind that can be read",
        help="data files end in {known}",
        cause="The ending says what a file is; the content is not guessed at.",
        example="$ assay verify orders.contract --data orders.xlsx",
        fix="$ assay verify orders.contract --data orders.csv",
    ),
    Code(
        "E634",
        "`{file}` cannot be written: {reason}",
        help="check the room on the disk and the rights of the folder",
        cause="Files are written beside their place and put there at once: what was there is unharmed.",
        example="$ assay compile --out /read-only",
        fix="$ assay compile --out compiled",
    ),
    Code(
        "E635",
        "`{folder}` is not empty: it has `{file}`",
        help="run `assay init` in an empty folder, or name one: `assay init FOLDER`",
        cause="`assay init` writes files and never over yours.",
        example="$ cd shop && assay init",
        fix="$ assay init contracts",
    ),
    Code(
        "E636",
        "there is no configuration `{file}`",
        help="the file that `--config` names is looked up from the current folder",
        cause="Another configuration was asked for in place of assay.yml.",
        example="$ assay verify --config prod.yml",
        fix="$ assay verify --config production.yml",
    ),
)

_COMMAND = (
    Code(
        "E640",
        "`--data {given}` does not say which dataset is meant",
        help="write `--data NAME=FILE`, the name one of {known}",
        cause="A file alone is the dataset of the one contract that runs, where no other table is read.",
        example="$ assay verify orders.contract items.contract --data orders.parquet",
        fix="$ assay verify orders.contract items.contract --data orders=o.parquet --data items=i.parquet",
    ),
    Code(
        "E641",
        "no contract here reads a dataset `{name}`",
        help="datasets here are {known}",
        cause="The name before `=` is the last part of a dataset's name, or all of it.",
        example="$ assay verify orders.contract --data oders=orders.parquet",
        fix="$ assay verify orders.contract --data orders=orders.parquet",
    ),
    Code(
        "E642",
        "`{name}` means more than one dataset",
        help="write the whole name, one of {known}",
        cause="Two datasets have the same last part.",
        example="$ assay verify a.contract b.contract --data orders=orders.parquet",
        fix="$ assay verify a.contract b.contract --data shop.public.orders=orders.parquet",
    ),
    Code(
        "E643",
        "`{table}` is not among the files given",
        help="add `--data {name}=FILE`",
        cause="With `--data`, every table that a contract reads from the same data source is a file, too.",
        example="$ assay verify orders.contract --data orders=orders.parquet      # it references customers",
        fix="$ assay verify orders.contract --data orders=orders.parquet --data customers=customers.parquet",
    ),
    Code(
        "E644",
        "`--data` names `{name}` twice",
        help="keep one of the two",
        cause="One dataset is one file.",
        example="$ assay verify orders.contract --data orders=a.csv --data orders=b.csv",
        fix="$ assay verify orders.contract --data orders=a.csv",
    ),
    Code(
        "E650",
        "`--param {given}` is not NAME=VALUE",
        help="write `--param since=2024-01-31`",
        cause="A parameter has the name that the contract declares, and a value after `=`.",
        example="$ assay verify orders.contract --param since",
        fix="$ assay verify orders.contract --param since=2024-01-31",
    ),
    Code(
        "E651",
        "no contract here has a parameter `{name}`",
        help="parameters here: {known}",
        cause="Contracts declare their parameters: `param since date = today() - 7 days`.",
        example="$ assay verify orders.contract --param sinse=2024-01-31",
        fix="$ assay verify orders.contract --param since=2024-01-31",
    ),
    Code(
        "E652",
        "the parameter `{name}` has no value",
        help="add `--param {name}=…`, a value of the type {type}",
        cause="The contract gives the parameter no default.",
        example="$ assay verify orders.contract",
        fix="$ assay verify orders.contract --param since=2024-01-31",
    ),
    Code(
        "E653",
        "`{value}` is no value for the parameter `{name}`, a {type}",
        help="{sample}",
        cause="A value is read as the type that the contract declares, never as SQL.",
        example="$ assay verify orders.contract --param since=yesterday",
        fix="$ assay verify orders.contract --param since=2024-01-31",
    ),
    Code(
        "E654",
        "`{value}` is not an instant",
        help="write it with its zone: `2024-01-31T12:00:00Z`",
        cause="`--now` fixes what `now` and `today()` mean. Without a zone it would depend on the machine.",
        example="$ assay verify orders.contract --now 2024-01-31",
        fix="$ assay verify orders.contract --now 2024-01-31T00:00:00Z",
    ),
    Code(
        "E655",
        "there is nothing to explain called `{name}`",
        help="name a diagnostic code (E201), a standard format (email) or a contract's file",
        cause="`assay explain` knows codes, formats and contracts.",
        example="$ assay explain emial",
        fix="$ assay explain email",
    ),
    Code(
        "E656",
        "no failed rows are kept for `{name}`",
        help="{advice}",
        cause="Rows are kept by a run, in the warehouse or the file that assay.yml names, or in `.assay`. They are "
        "never part of a report.",
        example="$ assay rows orders.contract      # before the first run",
        fix="$ assay verify orders.contract; assay rows orders.contract",
    ),
    Code(
        "E657",
        "`{name}` is not a check with failed rows in the last run",
        help="checks with failed rows: {known}",
        cause="Only checks that rows can break have failed rows.",
        example="$ assay rows orders.contract orders.emial",
        fix="$ assay rows orders.contract orders.email.missing",
    ),
)

_OWN = (
    Code(
        "E901",
        "something went wrong inside Assay: {what}",
        help="please report it with the command and, where you may, the contract; `ASSAY_DEBUG=1` shows more",
        cause="This is a fault of Assay, not of the contract.",
        example="$ assay verify orders.contract",
        fix="$ ASSAY_DEBUG=1 assay verify orders.contract",
    ),
)

CODES: tuple[Code, ...] = tuple(
    sorted((*_FILES, *_YAML, *_INPUT, *_COMMAND, *_OWN), key=lambda code: code.code)
)
