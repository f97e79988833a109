"""E68x: running an agent."""

from __future__ import annotations

from assay.compiler.codes import Code

CODES = (
    Code(
        "E680",
        "the agent cannot start: {problem}",
        help="{advice}",
        cause="An agent looks at its cluster and its rights before it takes any work: with too few rights runs would "
        "fail later, with too many a stolen agent could do what no agent has to.",
        example="$ assay agent run      # its Role lacks `patch jobs`",
        fix="$ kubectl apply -f deploy/rbac.yaml && assay agent run",
    ),
    Code(
        "E681",
        "`{file}` is there already",
        help="`--force` writes over it; the agent that it belonged to can be revoked at the hub",
        cause="A token that is written over cannot be read again, and its agent stays enrolled.",
        example="$ assay agent enrol berlin < enrolment-token",
        fix="$ assay agent enrol berlin --force < enrolment-token",
    ),
    Code(
        "E682",
        "not enrolled: {problem}",
        help="{advice}",
        cause="The hub, or the way to it, does not let the agent in.",
        example="$ assay agent enrol berlin < enrolment-token      # used yesterday",
        fix="$ assay agent enrol berlin < new-enrolment-token",
    ),
    Code(
        "E683",
        "there is no enrolment token in {where}",
        help="an administrator of the hub makes one, good for one agent and a quarter of an hour",
        cause="The token is read from standard input or a file: on the command line every process could see it.",
        example="$ assay agent enrol berlin < /dev/null",
        fix="$ assay agent enrol berlin < enrolment-token",
    ),
)
