"""Who may what: rules as in a Role, for one user; `admin` may everything."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.fake_kubernetes.store import Tree

GROUPS = {"jobs": "batch", "leases": "coordination.k8s.io"}


@dataclass(frozen=True, slots=True)
class Rule:
    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...] = ()

    def tree(self) -> Tree:
        found: Tree = {
            "apiGroups": [self.group],
            "resources": list(self.resources),
            "verbs": list(self.verbs),
        }
        return found | ({"resourceNames": list(self.names)} if self.names else {})


EVERYBODY = (
    Rule(
        "authorization.k8s.io",
        ("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
        ("create",),
    ),
    Rule("authentication.k8s.io", ("selfsubjectreviews",), ("create",)),
)


def allowed(rules: tuple[Rule, ...], group: str, resource: str, verb: str, name: str) -> bool:
    return any(
        rule.group in (group, "*")
        and (resource in rule.resources or "*" in rule.resources)
        and (verb in rule.verbs or "*" in rule.verbs)
        and (not rule.names or name in rule.names)
        for rule in rules
    )
