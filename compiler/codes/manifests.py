"""E5xx: manifests and deployment.

E501 to E519 speak of the deployment profile, E520 to E539 of what a profile, a contract and a data source
make together, E540 to E549 of a finished manifest. `path` is the place in the document, keys joined by dots.
"""

from __future__ import annotations

from assay.compiler.codes import Code

_DIGEST = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_HEAD = f"namespace: assay-runs\nimage: registry.example.com/assay-runner@{_DIGEST}\n"
_SOURCE = "sources:\n  shop:\n    secretName: assay-source-shop\n    keys: [PGPASSWORD]\n"

_PROFILE = (
    Code(
        "E501",
        "`{path}` must be {expected}, but is {found}",
        help="write {expected} there",
        cause="Each key of a profile takes one kind of value; YAML guesses kinds from how a value is "
        "written.",
        example=_HEAD + "timeout: one hour\n",
        fix=_HEAD + "timeout: 3600\n",
    ),
    Code(
        "E502",
        "`{path}` has no key `{name}`",
        help="the keys here are {known}",
        cause="A misspelled key would be ignored in silence and its default would run in your cluster.",
        example=_HEAD + "serviceAcount: assay-runner\n",
        fix=_HEAD + "serviceAccount: assay-runner\n",
    ),
    Code(
        "E503",
        "`{path}` needs the key `{name}`",
        help="add `{name}`",
        cause="There is no default that could be right for every cluster.",
        example="namespace: assay-runs\n",
        fix=_HEAD,
    ),
    Code(
        "E504",
        "`{path}` must name an image by its digest, but is `{value}`",
        help="write `repository@sha256:` and the 64 digits that `docker buildx imagetools inspect` shows",
        cause="A tag can be moved to another image after the review; a digest is the image that was "
        "reviewed.",
        example="namespace: assay-runs\nimage: registry.example.com/assay-runner:1.4\n",
        fix=_HEAD,
    ),
    Code(
        "E505",
        "`{value}` at `{path}` is not {what}",
        help="{rule}",
        cause="The API server refuses an object with such a name, some of them only after the Job "
        "was accepted.",
        example=_HEAD.replace("assay-runs", "Assay_Runs"),
        fix=_HEAD,
    ),
    Code(
        "E506",
        "`{value}` at `{path}` is not a quantity of {resource}",
        help="write a positive quantity such as `{sample}`",
        cause="Quantities have Kubernetes' own suffixes: `Ki`, `Mi`, `Gi` for bytes; `m`, a "
        "thousandth, is for CPU.",
        example=_HEAD + "resources:\n  limits: {memory: 512m}\n",
        fix=_HEAD + "resources:\n  limits: {memory: 512Mi}\n",
    ),
    Code(
        "E507",
        "`{path}` asks for `{value}`, more than the limit of `{limit}`",
        help="raise the limit or lower the request",
        cause="A request above its limit is refused, and scratch space above the storage limit gets "
        "the pod evicted.",
        example=_HEAD + "resources:\n  requests: {memory: 2Gi}\n  limits: {memory: 1Gi}\n",
        fix=_HEAD + "resources:\n  requests: {memory: 1Gi}\n  limits: {memory: 1Gi}\n",
    ),
    Code(
        "E508",
        "`{value}` at `{path}` cannot be the name of a secret",
        help="use capital letters, digits and underscores, a letter first, 64 characters at most",
        cause="The name becomes part of an environment variable, `ASSAY_SECRET_NAME`, and the key in "
        "the Secret.",
        example=_HEAD + _SOURCE.replace("PGPASSWORD", "pg-password"),
        fix=_HEAD + _SOURCE,
    ),
    Code(
        "E509",
        "the Secret `{value}` at `{path}` is not one for it",
        help="give the Secret a name that starts with `{prefix}`",
        cause="A Job can mount every Secret of its namespace. The prefix marks the ones that are meant for "
        "Jobs, and the admission policy holds to it.",
        example=_HEAD + _SOURCE.replace("assay-source-shop", "hub-token"),
        fix=_HEAD + _SOURCE,
    ),
    Code(
        "E510",
        "the service account `{value}` at `{path}` is not one for runs",
        help="give the service account a name that starts with `assay-`: lower case, digits, `-` and `.`",
        cause="A Job gets all rights of its service account. The prefix keeps Jobs away from the "
        "accounts of others.",
        example=_HEAD + "serviceAccount: cluster-admin\n",
        fix=_HEAD + "serviceAccount: assay-runner\n",
    ),
    Code(
        "E511",
        "`{value}` at `{path}` is not {what}",
        help="use letters, digits, `-`, `_` and `.`, a letter or digit at both ends, 63 characters at most",
        cause="Labels are kept in an index, so their keys and values are short names and not free text.",
        example=_HEAD + "labels: {team: data & analytics}\n",
        fix=_HEAD + "labels: {team: data-analytics}\n",
    ),
    Code(
        "E512",
        "the {kind} `{name}` is reserved",
        help="use a prefix of your own, such as `example.com/`",
        cause="Kubernetes, a mesh or Assay itself acts on it; setting it could switch off a protection.",
        example=_HEAD + "annotations: {sidecar.istio.io/inject: 'true'}\n",
        fix=_HEAD + "options: {istioInject: true}\n",
    ),
    Code(
        "E513",
        "`{path}` is {value}, outside {low} to {high}",
        help="choose a value from {low} to {high}",
        cause="Outside of the range the API server refuses the object, or a run would be killed at "
        "once or never.",
        example=_HEAD + "timeout: 0\n",
        fix=_HEAD + "timeout: 3600\n",
    ),
    Code(
        "E514",
        "`{path}` cannot be `{value}`",
        help="choose one of {known}",
        cause="Only these have a meaning.",
        example=_HEAD + "options: {workloadIdentity: isra}\n",
        fix=_HEAD + "options: {workloadIdentity: irsa}\n",
    ),
    Code(
        "E515",
        "the text at `{path}` holds a character that cannot be shown",
        help="remove control characters such as NUL",
        cause="Such characters hide what a reviewer should see, and some tools cut a text at the first NUL.",
        example=_HEAD + 'annotations: {note: "a\\0b"}\n',
        fix=_HEAD + "annotations: {note: ab}\n",
    ),
    Code(
        "E516",
        "`{value}` at `{path}` is not {what}",
        help="write {sample}",
        cause="Hosts and networks of a binding say where a password may go; a slip there is either a "
        "hole or a wall.",
        example=_HEAD + "sources:\n  shop: {networks: [{cidr: 10.0.0.7/8, ports: [5432]}]}\n",
        fix=_HEAD + "sources:\n  shop: {networks: [{cidr: 10.0.0.0/8, ports: [5432]}]}\n",
    ),
    Code(
        "E517",
        "`{path}` is not certificates in PEM",
        help="put the text of the certificates there, from `-----BEGIN CERTIFICATE-----` on, and no key",
        cause="The certificates travel in a ConfigMap, which is no place for anything else: a key in the same file "
        "would be shown to everybody who may read it.",
        example=_HEAD + "sources:\n  shop: {ca: /etc/ssl/ca.pem}\n",
        fix=_HEAD
        + "sources:\n  shop:\n    ca: |\n      -----BEGIN CERTIFICATE-----\n      MIIBszCCAVmgAwIBAgIUK6bQ\n"
        "      -----END CERTIFICATE-----\n",
    ),
)

_WHOLE = "profile:\n" + "".join(f"  {line}\n" for line in (_HEAD + _SOURCE).splitlines())
_TLS = _WHOLE + "      tls: verify-full\n"
_PG = "source: {type: postgres, host: db.example.com, password: '${env.PGPASSWORD}'}\n"

_TOGETHER = (
    Code(
        "E520",
        "the data source `{name}` is not bound in the profile",
        help="add `{name}` under `sources` with the Secret and the keys that it may use",
        cause="The binding is your own list of what a data source may use; without it nothing is given.",
        example=_WHOLE.replace("shop:", "crm:") + _PG,
        fix=_WHOLE + _PG,
    ),
    Code(
        "E521",
        "`{name}` at `{path}` is not among the keys of {whose}",
        help="add it to `{bound}.keys` if it may have it",
        cause="Only keys that the binding lists are given to a run, so that a changed data source "
        "cannot ask for others.",
        example=_WHOLE + _PG.replace("env.PGPASSWORD", "env.HUB_TOKEN"),
        fix=_WHOLE + _PG,
    ),
    Code(
        "E522",
        "`{value}` at `{path}` is not a placeholder",
        help="write `${{env.NAME}}`: capital letters, digits and underscores",
        cause="Text that looks like a placeholder but is none would be sent to the database as it stands.",
        example=_WHOLE + _PG.replace("env.PGPASSWORD", "env.pgpassword"),
        fix=_WHOLE + _PG,
    ),
    Code(
        "E523",
        "`{path}` holds a secret in clear",
        help="put the value into the Secret and a placeholder such as `${{env.PASSWORD}}` here",
        cause="The data source is stored in a ConfigMap and in version control, which many can read.",
        example=_WHOLE + _PG.replace("${env.PGPASSWORD}", "hunter2"),
        fix=_WHOLE + _PG,
    ),
    Code(
        "E524",
        "`{value}` at `{path}` is not among the {what} of {whose}",
        help="add it to `{bound}.{what}` if the password may go there",
        cause="A data source that points at another server would hand its password to that server.",
        example=_WHOLE + "      hosts: [db.internal]\n" + _PG,
        fix=_WHOLE + "      hosts: [db.example.com]\n" + _PG,
    ),
    Code(
        "E525",
        "the ConfigMap would have {size} bytes, more than {limit}",
        help="split the contract: `{largest}` alone has {bytes} bytes",
        cause="Kubernetes refuses a ConfigMap of more than 1 MiB. The limit leaves room for what others add.",
        example=_WHOLE + _PG + "contract: {bytes: 1000000}\n",
        fix=_WHOLE + _PG + "contract: {bytes: 100000}\n",
    ),
    Code(
        "E526",
        "`{value}` is not {what} of a CronJob",
        help="{rule}",
        cause="CronJobs know the five classic fields and IANA time zones; other extensions of cron "
        "are refused.",
        example=_WHOLE + _PG + "schedule: {cron: '0 6 L * *', zone: UTC}\n",
        fix=_WHOLE + _PG + "schedule: {cron: '0 6 1 * *', zone: UTC}\n",
    ),
    Code(
        "E527",
        "the contract has no parameter `{name}`",
        help="the parameters are {known}",
        cause="A value for a parameter that does not exist would be ignored in silence.",
        example=_WHOLE + _PG + "contract: {optional: [since]}\nparams: {sinse: '2024-01-01'}\n",
        fix=_WHOLE + _PG + "contract: {optional: [since]}\nparams: {since: '2024-01-01'}\n",
    ),
    Code(
        "E528",
        "the parameter `{name}` has no value",
        help="give `{name}` a value, or a default in the contract",
        cause="Nobody is there to ask when a Job starts.",
        example=_WHOLE + _PG + "contract: {required: [since]}\n",
        fix=_WHOLE + _PG + "contract: {required: [since]}\nparams: {since: '2024-01-01'}\n",
    ),
    Code(
        "E529",
        "`{path}` cannot be stored: {problem}",
        help="use text, numbers, true, false, lists and mappings",
        cause="The data source travels as JSON; other values of YAML have no form there.",
        example=_WHOLE + "source: {type: postgres, port: .nan}\n",
        fix=_WHOLE + "source: {type: postgres, port: 5432}\n",
    ),
    Code(
        "E530",
        "`{value}` at `{path}` is weaker than `{least}`, which {whose} needs",
        help="leave `sslmode` out, or lower `{bound}.tls` if the password may go there so",
        cause="The binding says how a connection must be protected. A data source may ask for more, never for less.",
        example=_TLS + _PG.replace("'}", "', sslmode: require}"),
        fix=_TLS + _PG,
    ),
    Code(
        "E531",
        "`{value}` at `{path}` is no file of the Job",
        help="put the certificates into `{bound}.ca`, and leave `sslrootcert` out",
        cause="A Job has no files but its own. Whom it trusts is the binding's to say.",
        example=_WHOLE + "source: {type: postgres, host: db.example.com, sslrootcert: certs/ca.pem}\n",
        fix=_WHOLE + "source: {type: postgres, host: db.example.com}\n",
    ),
    Code(
        "E532",
        "failed rows of the data source `{source}` do not go to {which}",
        help="name it at `sources.{source}.diagnostics.warehouse`, or run the contract without a warehouse",
        cause="The profile says which warehouse the failed rows of a data source go to. Who asks for a run cannot "
        "send them elsewhere.",
        example=_WHOLE + _PG + "warehouse: {type: postgres, host: rows.example.com}\n",
        fix=_WHOLE + _PG,
    ),
)


def _kept(code: str, what: str, cause: str, example: str, fix: str) -> Code:
    """A rule about finished manifests: the sentence differs, the facts do not."""
    return Code(
        code,
        f"{{object}}: {what} at `{{path}}`: {{problem}}",
        help="make the manifests again from the profile instead of editing them",
        cause=cause,
        example=example,
        fix=fix,
    )


_MAP = (
    "apiVersion: v1\nkind: ConfigMap\n"
    "metadata: {name: assay-orders, namespace: assay-runs}\nimmutable: true\ndata: {run.json: '{}'}\n"
)
_JOB = (
    "apiVersion: batch/v1\nkind: Job\n"
    "metadata: {name: assay-orders, namespace: assay-runs}\nspec:\n  ttlSecondsAfterFinished: 86400\n"
)

_MANIFEST = (
    _kept(
        "E540",
        "a bad name or label",
        "Names become host names and labels an index: both have a short alphabet and a limit of length.",
        _MAP.replace("assay-orders", "Assay_Orders"),
        _MAP,
    ),
    _kept(
        "E541",
        "a bad amount of resources",
        "Requests above their limits are refused; a pod without a memory limit can take its node down.",
        _JOB + "  template: {spec: {containers: [{resources: {limits: {memory: lots}}}]}}\n",
        _JOB + "  template: {spec: {containers: [{resources: {limits: {memory: 1Gi}}}]}}\n",
    ),
    _kept(
        "E542",
        "a bad environment variable",
        "Variables such as LD_PRELOAD change what runs, and `$(NAME)` in a value is expanded: "
        "only references to keys of data source Secrets are let through.",
        _JOB + "  template: {spec: {containers: [{env: [{name: LD_PRELOAD, value: /tmp/x.so}]}]}}\n",
        _JOB + "  template: {spec: {containers: [{env: []}]}}\n",
    ),
    _kept(
        "E543",
        "a bad volume",
        "A volume can open the node's disk or any Secret of the namespace to the pod.",
        _JOB + "  template: {spec: {volumes: [{name: host, hostPath: {path: /}}]}}\n",
        _JOB + "  template: {spec: {volumes: [{name: tmp, emptyDir: {sizeLimit: 1Gi}}]}}\n",
    ),
    _kept(
        "E544",
        "a weakened protection",
        "A Job whose pods break Pod Security is accepted, but never makes a pod and never ends.",
        _JOB + "  template: {spec: {automountServiceAccountToken: true}}\n",
        _JOB + "  template: {spec: {automountServiceAccountToken: false}}\n",
    ),
    _kept(
        "E545",
        "a bad policy of the Job",
        "One Job is one try: repeating inside the cluster would run the SQL twice and hide it.",
        _JOB + "  backoffLimit: 6\n",
        _JOB + "  backoffLimit: 0\n",
    ),
    _kept(
        "E546",
        "a reference to nothing",
        "A pod that refers to something missing waits for ever without an error.",
        _JOB + "  template: {spec: {containers: [{volumeMounts: [{name: spec, mountPath: /etc/assay}]}]}}\n",
        _JOB + "  template: {spec: {containers: [{volumeMounts: []}]}}\n",
    ),
    _kept(
        "E547",
        "bad data",
        "A ConfigMap that can change would let a run execute something else than what was reviewed.",
        _MAP.replace("immutable: true", "immutable: false"),
        _MAP,
    ),
    _kept(
        "E548",
        "other code than the runner",
        "The image and the command are what runs: one image by digest, one command, no text of a "
        "contract in it.",
        _JOB + "  template: {spec: {containers: [{image: 'assay-runner:latest'}]}}\n",
        _JOB + f"  template: {{spec: {{containers: [{{image: 'assay-runner@{_DIGEST}'}}]}}}}\n",
    ),
    _kept(
        "E549",
        "a field that has no place there",
        "The admission policy lets a known shape through; one more field can be one more hole.",
        _JOB + "  template: {spec: {containers: [{name: runner}], initContainers: [{name: first}]}}\n",
        _JOB + "  template: {spec: {containers: [{name: runner}]}}\n",
    ),
    Code(
        "E550",
        "`{path}` opens the network to `{value}`",
        help="name the networks of the data source; `169.254.0.0/16` is where clouds keep "
        "credentials of the node",
        cause="An address of the cloud's metadata service gives a pod the rights of its node.",
        example=_HEAD + "sources:\n  shop: {networks: [{cidr: 169.254.169.254/32, ports: [80]}]}\n",
        fix=_HEAD + "sources:\n  shop: {networks: [{cidr: 10.0.0.0/8, ports: [5432]}]}\n",
    ),
)

CODES: tuple[Code, ...] = _PROFILE + _TOGETHER + _MANIFEST
