"""Which name means what: imports are followed, and every definition gets its place in one scope.

    imports_of   the files that a parsed file asks for: whoever reads files calls it until there are no more
    resolve      those files -> Resolved, the scope that `check` types expressions in

`imports` follows the files, `scope` collects the definitions, `unused` warns of what nobody reads, `walk`
knows the parts of an expression. Names inside expressions are bound by `check`, as they depend on what is
expected there.
"""

from __future__ import annotations

from assay.compiler.resolve.imports import imports_of, target_of
from assay.compiler.resolve.scope import Resolved, resolve

__all__ = ["Resolved", "imports_of", "resolve", "target_of"]
