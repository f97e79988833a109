"""Portable regular expressions: the subset that means the same in every engine, and its tree.

A pattern is found anywhere in a text, by code points, with case, over all lines at once:

    abc  \\. \\\\ \\/        characters; what is special stands behind a backslash; \\t \\n \\r
    .                     any character but a line feed
    [a-z_] [^0-9]         one of, none of; a range runs by code point
    \\d \\w \\s             [0-9], [A-Za-z0-9_], [ \\t\\n\\r\\f\\v], also in [ ]; \\D \\W \\S not in it
    (…)  (?:…)  a|b       groups and alternatives; nothing is captured
    * + ? {n} {n,} {n,m}  as often as that, n and m up to 255
    ^  $                  start and end of the whole text, at the start and end of an alternative

Engines differ in `.`, in `$` before a last line feed and in what \\d and \\w hold, so a lowering prints the
tree with `spell`, which leaves nothing to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

MAX_REPEAT = 255
MAX_PRODUCT = 1000
MAX_DEPTH = 50

Range: TypeAlias = tuple[str, str]
DIGITS: tuple[Range, ...] = (("0", "9"),)
WORDS: tuple[Range, ...] = (("A", "Z"), ("a", "z"), ("0", "9"), ("_", "_"))
SPACES: tuple[Range, ...] = ((" ", " "), ("\t", "\t"), ("\n", "\n"), ("\r", "\r"), ("\f", "\f"), ("\v", "\v"))
_CLASSES = {"d": DIGITS, "w": WORDS, "s": SPACES}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Chars:
    """These characters, one after the other."""

    text: str


@dataclass(frozen=True, slots=True)
class Set:
    """One character in (or not in) the ranges."""

    ranges: tuple[Range, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`high` None means without end."""

    item: Node
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Start:
    """The start of the whole text."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of the whole text, after a last line feed."""


Node: TypeAlias = Chars | Set | Sequence | Choice | Repeat | Start | End

ANY = Set((("\n", "\n"),), negated=True)

Problem: TypeAlias = Literal["construct", "syntax", "count", "nested"]


class RegexError(Exception):
    """`construct` is what stands at start..end of the pattern, in words; `advice` may be empty."""

    def __init__(self, problem: Problem, construct: str, start: int, end: int, advice: str = "") -> None:
        super().__init__(f"{construct} at {start}")
        self.problem = problem
        self.construct = construct
        self.start = start
        self.end = end
        self.advice = advice


def parse_regex(text: str) -> Node:
    """The tree of a portable pattern; RegexError for anything else."""
    parser = _Parser(text)
    node = parser.choice(0)
    if parser.at < len(text):
        raise RegexError(
            "syntax", "`)` without `(`", parser.at, parser.at + 1, "write `\\)` for the character"
        )
    return node


_GROUPS = (
    ("(?=", "look-ahead"),
    ("(?!", "negative look-ahead"),
    ("(?<=", "look-behind"),
    ("(?<!", "negative look-behind"),
    ("(?P<", "a named group"),
    ("(?<", "a named group"),
    ("(?P=", "a back-reference"),
    ("(?P>", "a recursive group"),
    ("(?>", "an atomic group"),
    ("(?#", "a comment"),
    ("(?|", "a branch reset"),
    ("(?(", "a condition"),
    ("(?", "an inline flag"),
)
_ADVICE = {
    "an inline flag": "for any case, write `lower(x) matches /…/`",
    "a named group": "write `(…)`: nothing is captured",
    "an atomic group": "write `(…)`",
    "look-ahead": "say it with two `matches`, joined by `and`",
    "negative look-ahead": "say it with `matches … and … not matches …`",
}


class _Parser:
    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def choice(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise RegexError("count", f"more than {MAX_DEPTH} groups within each other", self.at - 1, self.at)
        options = [self.sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self, depth: int) -> Node:
        items: list[Node] = []
        first = self.at
        ended = False
        while (c := self.peek()) and c not in "|)":
            start = self.at
            if ended:
                raise RegexError(
                    "syntax", "`$` before the end", start - 1, start, "write `\\$` for the character"
                )
            if c == "^":
                if start != first:
                    advice = "write `\\^` for the character"
                    raise RegexError("syntax", "`^` after the start", start, start + 1, advice)
                self.at += 1
                self.no_quantifier("`^`")
                items.append(Start())
                first = -1
            elif c == "$":
                self.at += 1
                self.no_quantifier("`$`")
                items.append(End())
                ended = True
            else:
                items.append(self.quantified(self.atom(depth), start))
        return _joined(items)

    def no_quantifier(self, what: str) -> None:
        if self.peek() and self.peek() in "*+?{":
            raise RegexError("syntax", f"{what} repeated", self.at - 1, self.at + 1)

    def atom(self, depth: int) -> Node:
        start = self.at
        c = self.text[start]
        self.at += 1
        match c:
            case "(":
                return self.group(start, depth)
            case "[":
                return self.set(start)
            case "\\":
                return self.escape(start, within=False)
            case ".":
                return ANY
            case "*" | "+" | "?":
                raise RegexError(
                    "syntax",
                    f"`{c}` with nothing to repeat",
                    start,
                    self.at,
                    f"write `\\{c}` for the character",
                )
            case "{" | "}" | "]":
                raise RegexError(
                    "syntax", f"`{c}` on its own", start, self.at, f"write `\\{c}` for the character"
                )
            case "\0":
                raise RegexError("construct", "a null character", start, self.at)
            case _:
                return Chars(c)

    def group(self, start: int, depth: int) -> Node:
        if self.peek() == "*":
            raise RegexError("construct", "a verb", start, self.at + 1)
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self.peek() == "?":
            for opening, construct in _GROUPS:
                if self.text.startswith(opening, start):
                    raise RegexError(
                        "construct", construct, start, start + len(opening), _ADVICE.get(construct, "")
                    )
        node = self.choice(depth + 1)
        if self.peek() != ")":
            raise RegexError("syntax", "`(` without `)`", start, start + 1, "write `\\(` for the character")
        self.at += 1
        return node

    def escape(self, start: int, *, within: bool) -> Node:
        c = self.peek()
        self.at += 1
        if c in _CLASSES:
            return Set(_CLASSES[c], negated=False)
        if c in _CONTROLS:
            return Chars(_CONTROLS[c])
        if c and c in "DWS":
            if within:
                advice = f"write the characters out, or `\\{c}` outside of the brackets"
                raise RegexError("construct", f"`\\{c}` within brackets", start, self.at, advice)
            return Set(_CLASSES[c.lower()], negated=True)
        if c and c.isascii() and c.isprintable() and not c.isalnum() and c != "_":
            return Chars(c)
        raise _bad_escape(c, start, min(self.at, len(self.text)))

    def quantified(self, item: Node, start: int) -> Node:
        low, high, mark = 0, None, self.at
        match self.peek():
            case "*":
                self.at += 1
            case "+":
                low = 1
                self.at += 1
            case "?":
                high = 1
                self.at += 1
            case "{":
                low, high = self.counts()
            case _:
                return item
        after = self.peek()
        if after == "?":
            advice = "drop the `?`: it changes what is matched, not whether"
            raise RegexError("construct", "a lazy quantifier", mark, self.at + 1, advice)
        if after == "+":
            raise RegexError("construct", "a possessive quantifier", mark, self.at + 1, "drop the second `+`")
        if after and after in "*{":
            raise RegexError("syntax", "a quantifier of a quantifier", mark, self.at + 1, "keep one of them")
        if high is None and (_endless(item) or _may_be_empty(item)):
            raise RegexError(
                "nested",
                "a repetition within a repetition",
                start,
                self.at,
                "keep one of the two: `(a+)+` finds what `a+` finds, and may take for ever in some engines",
            )
        if _anchored(item):
            raise RegexError("syntax", "`^` or `$` repeated", start, self.at)
        node = Repeat(item, low, high)
        if _product(node) > MAX_PRODUCT:
            raise RegexError("count", f"more than {MAX_PRODUCT} repetitions in all", start, self.at)
        return node

    def counts(self) -> tuple[int, int | None]:
        start = self.at
        end = self.text.find("}", start)
        body = self.text[start + 1 : end] if end >= 0 else ""
        low, comma, high = body.partition(",")
        if not _is_count(low) or (high and not _is_count(high)):
            raise RegexError("syntax", "`{` on its own", start, start + 1, "write `\\{` for the character")
        self.at = end + 1
        least, most = int(low), int(high) if high else (None if comma else int(low))
        if least > MAX_REPEAT or (most or 0) > MAX_REPEAT:
            raise RegexError("count", f"a repetition of more than {MAX_REPEAT}", start, self.at)
        if most is not None and most < least:
            raise RegexError("syntax", f"`{{{body}}}` with the greater number first", start, self.at)
        return least, most

    def set(self, start: int) -> Node:
        negated = self.peek() == "^"
        self.at += negated
        ranges: list[Range] = []
        while True:
            at = self.at
            c = self.peek()
            if not c:
                raise RegexError(
                    "syntax", "`[` without `]`", start, start + 1, "write `\\[` for the character"
                )
            if c == "]":
                self.at += 1
                if not ranges:
                    raise RegexError("syntax", "`[]` with nothing in it", start, self.at)
                return Set(tuple(ranges), negated)
            low = self.member(at)
            if isinstance(low, Set):
                ranges.extend(low.ranges)
                continue
            high: str | Set = low
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
                self.at += 1
                high = self.member(self.at)
            if isinstance(high, Set) or high < low:
                raise RegexError("syntax", "a range that runs backwards", at, self.at)
            ranges.append((low, high))

    def member(self, at: int) -> str | Set:
        c = self.text[at]
        self.at = at + 1
        pair = self.text[at : at + 2]
        if c == "[":
            named = {"[:": "a POSIX class", "[.": "a collating element", "[=": "an equivalence class"}
            if pair in named:
                raise RegexError("construct", named[pair], at, at + 2, "write the characters out: `[A-Za-z]`")
            raise RegexError("construct", "`[` within brackets", at, at + 1, "write `\\[` for the character")
        if pair in ("&&", "||", "~~", "--"):
            raise RegexError("construct", f"`{pair}` within brackets", at, at + 2, "name the character once")
        if c == "\\":
            node = self.escape(at, within=True)
            return node.text if isinstance(node, Chars) else node if isinstance(node, Set) else ""
        return c


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _bad_escape(c: str, start: int, end: int) -> RegexError:
    if not c:
        return RegexError("syntax", "`\\` at the end", start, start + 1, "write `\\\\` for the character")
    if c.isdigit():
        return RegexError("construct", "a back-reference", start, end)
    named = {
        "b": "a word boundary",
        "B": "a word boundary",
        "p": "a Unicode class",
        "P": "a Unicode class",
        "k": "a back-reference",
        "A": "`\\A`",
        "z": "`\\z`",
        "Z": "`\\Z`",
        "x": "a character by its number",
        "u": "a character by its number",
        "Q": "a quoted stretch",
    }
    advice = {
        "A": "write `^`",
        "z": "write `$`",
        "Z": "write `$`",
        "p": "write the characters out: `[A-Za-z]`",
    }
    return RegexError("construct", named.get(c, f"`\\{c}`"), start, end, advice.get(c, ""))


def _joined(items: list[Node]) -> Node:
    """A sequence, with neighbouring characters made one."""
    flat: list[Node] = []
    for item in items:
        last = flat[-1] if flat else None
        if isinstance(item, Sequence):
            flat.extend(item.items)
        elif isinstance(item, Chars) and isinstance(last, Chars):
            flat[-1] = Chars(last.text + item.text)
        else:
            flat.append(item)
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def _endless(node: Node) -> bool:
    """Whether the node is nothing but an endless repetition."""
    match node:
        case Repeat():
            return node.high is None or _endless(node.item)
        case Choice():
            return any(_endless(o) for o in node.options)
        case Sequence():
            solid = [i for i in node.items if not _may_be_empty(i)]
            return len(solid) == 1 and _endless(solid[0])
        case _:
            return False


def _may_be_empty(node: Node) -> bool:
    match node:
        case Repeat():
            return node.low == 0 or _may_be_empty(node.item)
        case Choice():
            return any(_may_be_empty(o) for o in node.options)
        case Sequence():
            return all(_may_be_empty(i) for i in node.items)
        case Chars():
            return not node.text
        case Set():
            return False
        case Start() | End():
            return True
        case _:
            assert_never(node)


def _anchored(node: Node) -> bool:
    match node:
        case Start() | End():
            return True
        case Sequence():
            return any(_anchored(i) for i in node.items)
        case Choice():
            return any(_anchored(o) for o in node.options)
        case Repeat() | Chars() | Set():
            return False
        case _:
            assert_never(node)


def _product(node: Node) -> int:
    """How often the innermost item is repeated, all repetitions around it multiplied."""
    match node:
        case Repeat():
            return max(node.high or node.low, 1) * _product(node.item)
        case Sequence():
            return max((_product(i) for i in node.items), default=1)
        case Choice():
            return max(_product(o) for o in node.options)
        case _:
            return 1


_SPECIAL = frozenset("\\.+*?()[]{}|^$")
_SPECIAL_IN_SET = frozenset("\\[]^-&~|")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\v": "\\v"}


def spell(node: Node, end: str = "$") -> str:
    """The pattern in the words that every engine reads alike; `end` is what an engine calls the very end."""
    match node:
        case Chars():
            return "".join(f"\\{c}" if c in _SPECIAL else _NAMED.get(c, c) for c in node.text)
        case Set():
            return f"[{'^' if node.negated else ''}{''.join(_range(r) for r in node.ranges)}]"
        case Sequence():
            return "".join(
                f"(?:{spell(i, end)})" if isinstance(i, Choice) else spell(i, end) for i in node.items
            )
        case Choice():
            return "|".join(spell(o, end) for o in node.options)
        case Repeat():
            single = isinstance(node.item, Set) or (isinstance(node.item, Chars) and len(node.item.text) == 1)
            inner = spell(node.item, end)
            return (inner if single else f"(?:{inner})") + _times(node.low, node.high)
        case Start():
            return "^"
        case End():
            return end
        case _:
            assert_never(node)


def _times(low: int, high: int | None) -> str:
    match (low, high):
        case (0, None):
            return "*"
        case (1, None):
            return "+"
        case (0, 1):
            return "?"
        case (_, None):
            return f"{{{low},}}"
        case _:
            return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def _range(item: Range) -> str:
    low, high = (f"\\{c}" if c in _SPECIAL_IN_SET else _NAMED.get(c, c) for c in item)
    return low if low == high else f"{low}-{high}"
