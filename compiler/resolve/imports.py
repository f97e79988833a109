"""Which files a file imports, by name; the walk over them, and what can go wrong on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.compiler import ast
from assay.compiler.diagnostics import Label, Sink, did_you_mean
from assay.compiler.source import Span


def target_of(importer: str, path: str) -> str | None:
    """The name of the file that `path` means in `importer`; None where it leads out of the root."""
    if path.startswith("/") or "\\" in path or not path:
        return None
    parts = importer.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or None


def imports_of(file: ast.File) -> list[tuple[str, Span]]:
    """The names of the files that a file imports, in order, each with the place that says so.

    A path that leads out of the root is left out: `resolve` reports it.
    """
    found = ((target_of(file.name, i.path.value), i.path.span) for i in file.imports)
    return [(name, span) for name, span in found if name is not None]


def closure(root: str, files: Mapping[str, ast.File], sink: Sink) -> tuple[str, ...]:
    """The root and all files that it imports, directly or not, imported ones first; faults are reported."""
    order: list[str] = []
    done: set[str] = set()
    path: list[str] = [root]
    stack: list[Iterator[tuple[str, Span]]] = [_targets(files[root], files, sink)]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            name = path.pop()
            done.add(name)
            order.append(name)
            continue
        target, span = step
        if target in path:
            circle = [*path[path.index(target) :], target]
            sink.add("E212", span, cycle=" -> ".join(circle))
        elif target not in done:
            path.append(target)
            stack.append(_targets(files[target], files, sink))
    return tuple(order)


def _targets(file: ast.File, files: Mapping[str, ast.File], sink: Sink) -> Iterator[tuple[str, Span]]:
    seen: dict[str, Span] = {}
    for item in file.imports:
        span = item.path.span
        target = target_of(file.name, item.path.value)
        if target is None:
            sink.add("E211", span, path=item.path.value)
        elif target not in files:
            others = [name for name in files if name != file.name]
            sink.add("E210", span, suggestion=did_you_mean(target, others), name=target)
        elif target in seen:
            sink.add("E213", span, name=target, labels=(Label(seen[target], "imported here already"),))
        else:
            seen[target] = span
            yield target, span
