"""Playing mutants against tests: each in a process forked from one that has imported torch, in a copy of the code."""

from __future__ import annotations

import ast
import contextlib
import gc
import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mutants.draw import Mutant
from mutants.measure import LAST, PLAIN, measure

HEAVY = (
    *("torch", "torch._dynamo", "torch.func", "numpy", "scipy.stats", "scipy.linalg", "sklearn.datasets", "pandas"),
    *("datasets", "pyarrow.parquet", "PIL.Image", "matplotlib.figure", "ot", "hypothesis", "safetensors.torch"),
    *("sklearn.linear_model", "sklearn.neighbors", "prdc", "rich.progress", "tensorboard", "pytest", "coverage"),
)
"""What tests import and no mutant touches: once for all, in the process that others are forked from."""
GOLDEN = (
    "tests/recipes/test_golden.py::test_defaults_of_components_are_what_they_were",
    "tests/test_defaults.py::test_defaults_of_functions_are_what_they_were",
)
"""Where defaults stand."""
PATIENCE = 30.0, 4.0
"""Seconds, and times the usual ones, after which tests that go on are stopped: the mutant has made them endless."""


class Test(NamedTuple):
    """A test of a room, as it was without any mutant."""

    name: str
    seconds: float
    lines: Mapping[str, Sequence[int]]
    """By file, those that it ran."""


class Seat:
    """A copy of the repository in which mutants are put, one at a time."""

    def __init__(self, root: Path, place: Path) -> None:
        self.root = root
        self.place = place
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (root / name).is_file() and not name.startswith("docs/images"):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / name, place / name)
        self._stamp = int(time.time())
        os.environ.update(PYTHONPATH=str(place / "src"), OMP_NUM_THREADS="1", PYTHONHASHSEED="0")
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the tests of these rooms need no others' plugins
        sys.dont_write_bytecode = False  # the copy's compiled tests serve all who come after
        sys.path.insert(0, str(place / "src"))
        for name in HEAVY:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        gc.freeze()  # what is here now is no garbage: nobody need look through it again

    @contextlib.contextmanager
    def wrong(self, path: str, change: Callable[[bytes], bytes]) -> Iterator[None]:
        """While inside, a file is another; compiled forms of before are told from it by its time."""
        file = self.place / path
        kept = file.read_bytes()
        try:
            self._write(file, change(kept))
            yield
        finally:
            self._write(file, kept)

    def _write(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)
        self._stamp += 2
        os.utime(file, (self._stamp, self._stamp))

    def forked(self, work: Callable[[], int], seconds: float) -> int | None:
        """Return the exit code of work in a process of its own; None if it took too long."""
        child = os.fork()
        if child == 0:
            code = 70
            try:
                os.setsid()
                os.chdir(self.place)
                silence = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(silence, stream)
                code = work()
            finally:
                os._exit(code)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child, signal.SIGKILL)  # what its tests may have left
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None

    def tests(self, room: str, mutants: Sequence[Mutant], kept: Path) -> Iterator[list[Test]]:
        """Yield a room's tests, a file at a time: run once without any mutant, which lines does each run, how long?

        Files that are named as the mutants' come first. One is measured when it is asked for, and again only when it,
        or the room's source, is another than it was.
        """
        known = json.loads(kept.read_text()) if kept.exists() else {}
        for place in self._places(room, mutants):
            digest = self._digest(place, f"src/gansmith/{room}")
            if known.get(place, {}).get("digest") != digest:
                self.forked(lambda: measure(place, self.place, kept.with_suffix(".new")), 1800.0)  # noqa: B023
                known[place] = {"digest": digest, "tests": json.loads(kept.with_suffix(".new").read_text())}
                kept.write_text(json.dumps(known))
            yield [Test(*one) for one in known[place]["tests"]]

    def _places(self, room: str, mutants: Sequence[Mutant]) -> list[str]:
        names = Counter(name for one in mutants for name in Path(one.path).with_suffix("").parts[3:])

        def rank(path: Path) -> tuple[bool, int, int]:
            named = sum(count for name, count in names.items() if path.stem.startswith(f"test_{name}"))
            return path.name in LAST, -named, path.stat().st_size

        found = sorted((self.place / "tests" / room).rglob("test_*.py"), key=rank)
        return [f"src/gansmith/{room}", *(path.relative_to(self.place).as_posix() for path in found)]

    def _digest(self, *places: str) -> str:
        whole = hashlib.sha256()
        for place in places:
            path = self.place / place
            for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
                whole.update(file.read_bytes())
        return whole.hexdigest()

    def notices(self, tests: Sequence[Test]) -> str:
        """Return how the tests take what is in the copy now: killed, endless, or survived."""
        if not tests:
            return "survived"
        usual = sum(test.seconds for test in tests)
        code = self.forked(lambda: _run([test.name for test in tests]), PATIENCE[0] + PATIENCE[1] * usual)
        return "endless" if code is None else "survived" if code in (0, 5) else "killed"


def _statement(mutant: Mutant, root: Path) -> set[int]:
    """Return the lines of the statement around a mutant: constants on several lines count as run on the first."""
    nodes = ast.walk(ast.parse((root / mutant.path).read_text("utf-8")))
    around = [n for n in nodes if isinstance(n, ast.stmt) and n.lineno <= mutant.line <= (n.end_lineno or n.lineno)]
    inner = max(around, key=lambda node: node.lineno)
    within: list[ast.stmt] = getattr(inner, "body", [])
    end = within[0].lineno if within else (inner.end_lineno or inner.lineno) + 1
    return set(range(inner.lineno, max(end, inner.lineno + 1)))


def facing(mutant: Mutant, tests: Sequence[Test], root: Path) -> list[Test]:
    """Return the tests that run a mutant's line, the fastest first.

    If it runs when it is imported, those that run any line of its file, or of another of its room that names it.
    """
    lines = _statement(mutant, root)
    chosen = [test for test in tests if not lines.isdisjoint(test.lines.get(mutant.path, ()))]
    if not chosen and any(not lines.isdisjoint(test.lines.get(f"import {mutant.path}", ())) for test in tests):
        name = re.compile(rf"\b{Path(mutant.path).stem}\b")
        files = (root / "src/gansmith" / mutant.room).rglob("*.py")
        naming = {path.relative_to(root).as_posix() for path in files if name.search(path.read_text("utf-8"))}
        chosen = [test for test in tests if (naming | {mutant.path}) & test.lines.keys()]
    return sorted(chosen, key=lambda test: test.seconds)


def _run(names: Sequence[str]) -> int:
    import pytest

    return int(pytest.main([*PLAIN, "-x", *names]))
