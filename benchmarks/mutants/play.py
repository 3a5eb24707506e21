"""Playing mutants against tests: each in a process forked from one that has imported torch, in a copy of the code."""

from __future__ import annotations

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
from typing import Any, NamedTuple

from mutants.draw import Mutant

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


LAST = ("test_every_setting.py",)
CASES = 12
"""Of a test with more cases, so many face mutants, evenly spread; of one that tries settings, all."""
LONG = 30.0
"""Seconds after which a test is given up when it is measured: it faces no mutants, as it would be the last to do so."""


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

    def tests(self, room: str, kept: Path) -> Iterator[list[Test]]:
        """Yield a room's tests, a file at a time: run once without any mutant, which lines does each run, how long?

        A file is measured when it is asked for, and again only when it, or the room's source, is another than it was.
        """
        known = json.loads(kept.read_text()) if kept.exists() else {}
        for place in self._places(room):
            digest = self._digest(place, f"src/gansmith/{room}")
            if known.get(place, {}).get("digest") != digest:
                self.forked(lambda: _measure(place, self.place, kept.with_suffix(".new")), 1800.0)  # noqa: B023
                known[place] = {"digest": digest, "tests": json.loads(kept.with_suffix(".new").read_text())}
                kept.write_text(json.dumps(known))
            yield [Test(*one) for one in known[place]["tests"]]

    def _places(self, room: str) -> list[str]:
        """Return examples in docstrings, then files of tests; the one that plays every setting comes last."""
        found = sorted((self.place / "tests" / room).rglob("test_*.py"), key=lambda path: (path.name in LAST, path))
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


def facing(mutant: Mutant, tests: Sequence[Test], root: Path) -> list[Test]:
    """Return the tests that run a mutant's line, the fastest first.

    If it runs when it is imported, those that run any line of its file, or of another of its room that names it.
    """
    chosen = [test for test in tests if mutant.line in test.lines.get(mutant.path, ())]
    if not chosen and any(mutant.line in test.lines.get(f"import {mutant.path}", ()) for test in tests):
        name = re.compile(rf"\b{Path(mutant.path).stem}\b")
        files = (root / "src/gansmith" / mutant.room).rglob("*.py")
        naming = {path.relative_to(root).as_posix() for path in files if name.search(path.read_text("utf-8"))}
        chosen = [test for test in tests if (naming | {mutant.path}) & test.lines.keys()]
    return sorted(chosen, key=lambda test: test.seconds)


PLAIN = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "--tb=no")


def _run(names: Sequence[str]) -> int:
    import pytest

    return int(pytest.main([*PLAIN, "-x", *names]))


def _measure(place: str, root: Path, kept: Path) -> int:
    """Run tests under coverage, a context each, and write down what each ran."""
    import coverage
    import pytest

    source = root / "src/gansmith"
    cover = coverage.Coverage(data_file=None, config_file=False, source=[str(source)])
    watch = _Watch(cover)
    cover.start()
    code = int(pytest.main([*PLAIN, place], plugins=[watch]))
    cover.stop()
    data = cover.get_data()
    lines: dict[str, dict[str, list[int]]] = {name: {} for name in watch.seconds}
    imported: dict[str, list[int]] = {}
    for file in data.measured_files():
        path = Path(file).relative_to(root).as_posix()
        for line, names in data.contexts_by_lineno(file).items():
            for name in names:
                if name in lines:
                    lines[name].setdefault(path, []).append(line)
                elif not name:
                    imported.setdefault(f"import {path}", []).append(line)
    told: list[Any] = [[name, watch.seconds[name], found] for name, found in lines.items()]
    if told:
        told[0][2] |= imported
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(told))
    return code


class _Watch:
    """Tells coverage whose turn it is, gives up what is long, and keeps the seconds of those that pass."""

    def __init__(self, cover: Any) -> None:
        self.cover = cover
        self.seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        signal.signal(signal.SIGALRM, _give_up)

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        cases = Counter(_function(item.nodeid) for item in items)
        seen = Counter[str]()
        for item in [*items]:
            name = _function(item.nodeid)
            place, count = seen[name], cases[name]
            seen[name] += 1
            if count > CASES and place * CASES % count >= CASES and Path(item.nodeid.split("::")[0]).name not in LAST:
                items.remove(item)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.cover.switch_context(nodeid)
        signal.setitimer(signal.ITIMER_REAL, LONG)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.outcome != "passed":
            self._failed.add(report.nodeid)
            self.seconds.pop(report.nodeid, None)
        elif report.nodeid not in self._failed:
            self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_runtest_logfinish(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        self.cover.switch_context("")


def _function(name: str) -> str:
    return name.split("[")[0]


def _give_up(*_: object) -> None:
    raise TimeoutError
