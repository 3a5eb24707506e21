"""All the small wrong edits of a file, and a draw of them that is spread over rooms by their size."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOMS = ("objectives", "terms", "games", "dynamics", "networks", "generators", "metrics", "training", "latent", "data")
COMPARED = {"Lt": "<=", "LtE": "<", "Gt": ">=", "GtE": ">", "Eq": "!=", "NotEq": "==", "Is": "is not", "IsNot": "is"}
COMPARED |= {"In": "not in", "NotIn": "in"}
COMPUTED = {"Add": "-", "Sub": "+", "Mult": "/", "Div": "*", "Pow": "*", "FloorDiv": "/", "Mod": "//"}
CALLED = {"min": "max", "max": "min", "sum": "mean", "mean": "sum", "any": "all", "all": "any", "zeros": "ones"}
CALLED |= {"clamp_min": "clamp_max", "clamp_max": "clamp_min", "argmax": "argmin", "argmin": "argmax", "ones": "zeros"}
CALLED |= {"sin": "cos", "cos": "sin", "exp": "log", "log": "exp", "union": "intersection", "rand": "randn"}
WORDS = {"real": "fake", "fake": "real", "generator": "discriminator", "discriminator": "generator"}
SILENT = ("warn", "say", "GansmithError", "unknown", "describe", "AssertionError")
"""What is called to speak to people: their words are no wiring."""


class Mutant(NamedTuple):
    """One wrong edit: what stands at a place of a file, and what shall stand there."""

    path: str
    """Of the file, from the repository's root."""
    line: int
    start: int
    """Offset in bytes."""
    end: int
    text: str
    kind: str
    default: bool = False
    """Whether it is the default of a setting or of an argument, which golden texts hold."""

    @property
    def room(self) -> str:
        return Path(self.path).parts[2]

    @property
    def key(self) -> str:
        return f"{self.path}:{self.start}:{self.end}:{self.text}"

    def put_in(self, source: bytes) -> bytes:
        """Return the file's bytes with the edit."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def told(self, source: bytes) -> str:
        """Return the line as it was and as it becomes."""
        first, last = source.rfind(b"\n", 0, self.start) + 1, source.find(b"\n", self.end)
        before = source[first:last].decode()
        after = (source[first : self.start] + self.text.encode() + source[self.end : last]).decode()
        return f"{' '.join(before.split())} → {' '.join(after.split())}"


def drawn(root: Path, count: int, seed: int) -> list[Mutant]:
    """Draw mutants, from every room as many as its share of all that there could be."""
    rng = random.Random(seed)
    by_room = {room: [m for path in _files(root, room) for m in mutants(root, path)] for room in ROOMS}
    whole = sum(map(len, by_room.values()))
    chosen = [m for room in ROOMS for m in rng.sample(by_room[room], round(count * len(by_room[room]) / whole))]
    rng.shuffle(chosen)
    return chosen


def _files(root: Path, room: str) -> list[str]:
    found = sorted((root / "src/gansmith" / room).rglob("*.py"))
    return [path.relative_to(root).as_posix() for path in found]


def mutants(root: Path, path: str) -> list[Mutant]:
    """Return all the mutants of a file."""
    source = (root / path).read_bytes()
    return sorted(set(_Finder(path, source).of(ast.parse(source))), key=lambda m: (m.start, m.end, m.text))


class _Finder:
    """Walks a file's syntax tree; texts, types and what is said to people are left alone."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path = path
        self.source = source
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def of(self, node: ast.AST, default: bool = False) -> Iterator[Mutant]:
        """Yield the mutants of a node and of all below it."""
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.Assert) or _is_silent(node) or _is_strict(node):
            return
        if isinstance(node, ast.ClassDef):
            for one in node.body:
                setting = isinstance(one, ast.AnnAssign) and "ClassVar" not in ast.unparse(one.annotation)
                yield from self.of(one, setting)
            return
        for start, end, text, kind in self._edits(node):
            yield Mutant(self.path, getattr(node, "lineno", 1), start, end, text, kind, default)
        for child in self._below(node):
            yield from self.of(child, default or (isinstance(node, ast.arguments) and isinstance(child, ast.expr)))

    def _below(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what is below a node and is no type, no decorator and no text."""
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                continue
            for one in value if isinstance(value, list) else [value]:
                text = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
                if isinstance(one, ast.AST) and not text:
                    yield one

    def _at(self, node: ast.AST) -> tuple[int, int]:
        place = [getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")]
        return self.lines[place[0] - 1] + place[1], self.lines[place[2] - 1] + place[3]

    def _text(self, node: ast.AST) -> str:
        start, end = self._at(node)
        return self.source[start:end].decode()

    def _between(self, before: ast.AST, after: ast.AST, text: str, kind: str) -> tuple[int, int, str, str]:
        """An operator: what stands between two operands, without the brackets around them."""
        start, end = self._at(before)[1], self._at(after)[0]
        between = self.source[start:end].decode()
        left = len(between) - len(between.lstrip(") \n"))
        right = len(between) - len(between.rstrip("( \n"))
        return start + left, end - right, text, kind

    def _edits(self, node: ast.AST) -> Iterator[tuple[int, int, str, str]]:
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield self._between(node.left, node.comparators[0], COMPARED[type(node.ops[0]).__name__], "comparison")
        elif isinstance(node, ast.BinOp) and type(node.op).__name__ in COMPUTED:
            if not (isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)):
                yield self._between(node.left, node.right, COMPUTED[type(node.op).__name__], "arithmetic")
        elif isinstance(node, ast.BoolOp):
            other = "or" if isinstance(node.op, ast.And) else "and"
            yield self._between(node.values[0], node.values[1], other, "logic")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
            yield (
                *self._at(node),
                f"({self._text(node.operand)})",
                "sign" if isinstance(node.op, ast.USub) else "logic",
            )
        elif isinstance(node, ast.If | ast.IfExp | ast.While):
            if "TYPE_CHECKING" not in ast.unparse(node.test):  # what types are of is no wiring
                yield (*self._at(node.test), f"(not ({self._text(node.test)}))", "condition")
        elif isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield (*self._at(node), "...", "call left out")
        elif isinstance(node, ast.AugAssign) and type(node.op).__name__ in COMPUTED:
            yield self._between(node.target, node.value, f"{COMPUTED[type(node.op).__name__]}=", "arithmetic")

    def _constant(self, node: ast.Constant) -> Iterator[tuple[int, int, str, str]]:
        value = node.value
        if isinstance(value, bool):
            yield (*self._at(node), str(not value), "constant")
        elif isinstance(value, int | float):
            other = value + 1 if isinstance(value, int) and abs(value) < 10 else 2 * value or 1.0
            yield (*self._at(node), repr(other), "constant")
        elif isinstance(value, str) and value in WORDS:
            yield (*self._at(node), f'"{WORDS[value]}"', "word")

    def _call(self, node: ast.Call) -> Iterator[tuple[int, int, str, str]]:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in CALLED and not (isinstance(function, ast.Name) and CALLED[name] in ("mean", "log", "exp")):
            end = self._at(function)[1]
            yield end - len(name), end, CALLED[name], "function"
        plain = [one for one in node.args if isinstance(one, ast.Name | ast.Attribute)]
        alike = name in ("isinstance", "hasattr", "getattr", "zip", "min", "max", "minimum", "maximum")
        if len(plain) >= 2 and plain == node.args[: len(plain)] and not alike:
            (start, first), (second, end) = self._at(plain[0]), self._at(plain[1])
            between = self.source[first:second].decode()
            if self._text(plain[0]) != self._text(plain[1]):
                yield start, end, self._text(plain[1]) + between + self._text(plain[0]), "arguments exchanged"


def _is_strict(node: ast.AST) -> bool:
    """Tell whether this is `strict=True` of a zip, which is an assertion."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _is_silent(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        node = node.value
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) in SILENT
