"""Code of a user's own, named by MODULE:ATTRIBUTE wherever a name stands.

What the user types or hands over is trusted. What only a file names is not: all of it is named and refused before any
of it is imported, unless the user says otherwise. Nothing is ever imported from inside a run's folder.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gansmith.errors import GansmithError

NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
OTHERS = ("hub:", "stacked:")
"""Names of data that look alike."""


def is_foreign(name: Any) -> bool:
    """Tell whether a text names code of a user's own.

    >>> is_foreign("own_term:Smoothness"), is_foreign("hub:mnist"), is_foreign("cuda:0")
    (True, False, False)
    """
    return isinstance(name, str) and NAME.fullmatch(name) is not None and not name.startswith(OTHERS)


def foreign(stored: Any) -> Iterator[str]:
    """Yield every name of such code in stored values, importing nothing."""
    if isinstance(stored, Mapping):
        for part in stored.values():
            yield from foreign(part)
    elif isinstance(stored, list | tuple):
        for part in stored:
            yield from foreign(part)
    elif is_foreign(stored):
        yield stored


def refuse_foreign(stored: Any, where: str, trust: bool) -> None:
    """Name all code of a user's own that stored values are made with, unless it is trusted; import nothing."""
    own = sorted(set(foreign(stored)))
    if own and not trust:
        raise GansmithError(f"{where} is made with code of its own, {', '.join(own)}: use --trust to import it")


def imported(name: str, called: str) -> Any:
    """Return what MODULE:ATTRIBUTE names; modules in the working folder are found too, unless a run lies in it.

    Raises:
        GansmithError: if it cannot be imported, lies in a run's folder, or is somebody else's under another name.
    """
    module, _, attribute = name.partition(":")
    try:
        with _working_folder():
            _refuse_run_folder(module, name, called)
            found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise GansmithError(f"{called} {name}: cannot be imported ({error}); write MODULE:ATTRIBUTE") from error
    home = getattr(found, "__module__", None) or ""
    if home.partition(".")[0] in sys.stdlib_module_names:
        raise GansmithError(f"{called} {name}: is Python's own {home}.{attribute}, no {called}")
    return found


def fingerprints(stored: Any) -> dict[str, str]:
    """Return the SHA-256 of the file of every module of such code, which is imported if it has not been."""
    modules = sorted({name.partition(":")[0] for name in foreign(stored)})
    found = {}
    with _working_folder():
        for module in modules:
            origin = getattr(importlib.import_module(module), "__file__", None)
            if origin and Path(origin).is_file():
                found[module] = hashlib.sha256(Path(origin).read_bytes()).hexdigest()
    return found


def compare_fingerprints(stored: Any, before: Mapping[str, str], where: str) -> None:
    """Warn of modules that are not what they were."""
    for module, now in fingerprints(stored).items() if before else ():
        if before.get(module, now) != now:
            warnings.warn(f"{module} has changed since {where} was made with it", stacklevel=3)


@contextmanager
def _working_folder() -> Iterator[None]:
    """While inside, modules are looked for in the working folder too; not at all there if it is a run's."""
    before, here = list(sys.path), Path.cwd()
    others = [path for path in before if Path(path or ".").resolve() != here.resolve()]
    sys.path[:] = others if is_run(here) else [str(here), *others]
    try:
        yield
    finally:
        sys.path[:] = before


def _refuse_run_folder(module: str, name: str, called: str) -> None:
    """Look where a module lies before it is imported."""
    top = module.partition(".")[0]
    spec = None if top in sys.modules else importlib.util.find_spec(top)
    origin = Path(spec.origin).resolve() if spec and spec.origin and spec.has_location else None
    if origin and any(is_run(folder) for folder in origin.parents):
        raise GansmithError(f"{called} {name}: lies in a run's folder, from which nothing is imported")


def is_run(folder: Path) -> bool:
    """Tell whether a folder is a run's."""
    try:
        return '"own_networks"' in (folder / "config.json").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
