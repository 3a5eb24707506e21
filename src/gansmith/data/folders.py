"""Folders of pictures: what is in them, what is passed over and why, and which of their folders are classes."""

from __future__ import annotations

import fnmatch
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gansmith.data.celeba import LISTS
from gansmith.data.names import plain
from gansmith.data.pictures import format_of
from gansmith.data.source import Source
from gansmith.data.splits import chosen
from gansmith.errors import GansmithError
from gansmith.settings.foreign import is_run

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm"}
"""Endings of names that are taken at their word; other files are looked into."""
PASSED_OVER = 4  # reasons in a line
MASKS = ("_mask", "-mask", "_seg", "_label", "_labels", "_gt", "_annotation")
"""Endings of the names of what stands beside a picture and tells about it."""


@dataclass
class Found:
    """Files of pictures, relative to their folder and sorted by their parts, and what else there is."""

    files: list[Path] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    """How many files or folders were passed over, by reason."""
    unmet: list[str] = field(default_factory=list)
    """Patterns to skip that no file is called by."""

    @property
    def notes(self) -> list[str]:
        """Lines about what was passed over, if anything was, and what should have been and is not there."""
        ranked = sorted(self.skipped.items(), key=lambda item: (-item[1], item[0]))
        told = [f"{count:,} {reason}" for reason, count in ranked[:PASSED_OVER]]
        more = len(self.skipped) - len(told)
        over = [f"passed over: {', '.join(told)}{f' and {more} more kinds' if more > 0 else ''}"] if told else []
        return over + [f"--skip {pattern}: no file is called so" for pattern in self.unmet]


def look_through(folder: Path, source: Source) -> Found:
    """Return the pictures in a folder, through links to other folders."""
    found = Found()
    patterns = [pattern.strip() for pattern in (source.skip or "").split(",") if pattern.strip()]
    found.unmet = [*patterns]
    for path in _files(folder, Path(), [], found.skipped):
        met = [pattern for pattern in patterns if fnmatch.fnmatch(path.name, pattern)]
        if met:
            found.skipped["that --skip names"] += 1
            found.unmet = [pattern for pattern in found.unmet if pattern not in met]
        elif path.suffix.lower() in PICTURES or (reason := _reason(folder / path)) is None:
            found.files.append(path)
        else:
            found.skipped[reason] += 1
    found.files.sort(key=lambda path: path.parts)
    return found


def classes_of(folder: Path, found: Found, source: Source) -> tuple[list[Path], list[str], list[str]]:
    """Return the pictures of the split that is asked for, the class of each, "" if it lies in no folder, and notes.

    Raises:
        GansmithError: that asks, where folders are splits, or pictures beside others, and not classes.
    """
    files, depth, notes = chosen(found.files, source, str(folder))
    masks = _masks(files)
    if masks:
        raise GansmithError(
            f"--data {folder}: {plain(masks[0].name)} and {len(masks) - 1:,} more are named after a picture beside "
            f"them: --skip '*{_ending(masks[0])}.*' leaves them out"
        )
    classes = [plain(path.parts[depth]) if len(path.parts) > depth + 1 else "" for path in files]
    return files, classes, [*notes, *_deeper(files, classes, depth)]


def _deeper(files: list[Path], classes: list[str], depth: int) -> list[str]:
    """Return lines about folders inside classes, which are told apart by nothing, and about pictures in no class."""
    names = {*classes} - {""}
    if len(names) < 2:
        return []
    deeper = {path.parts[: depth + 2] for path in files if len(path.parts) > depth + 2}
    lines = [f"classes are the {len(names):,} outer folders; {len(deeper):,} inside them are not told apart"]
    loose = classes.count("")
    missing = [f"{loose:,} of {len(files):,} pictures lie in no folder of a class, and have no label"]
    return [*(lines if deeper else []), *(missing if loose else [])]


def _files(root: Path, below: Path, above: list[tuple[int, int]], skipped: Counter[str]) -> Iterator[Path]:
    """Yield regular files that are not hidden, and count what else there is.

    Args:
        root: folder.
        below: the folder in it to be looked through.
        above: what tells the folders on the way to it, so that a circle is seen.
    """
    try:
        status = (root / below).stat()
        with os.scandir(root / below) as entries:
            inside = [*entries]
    except OSError:
        skipped["folders that cannot be read"] += 1
        return
    here = status.st_dev, status.st_ino
    if here in above:
        skipped["links to a folder around them"] += 1
        return
    if above and any(entry.name == "config.json" for entry in inside) and is_run(root / below):
        skipped["runs of gansmith"] += 1
        return
    if not inside:
        skipped["empty folders"] += 1
    for entry in inside:
        if entry.name in LISTS and not above:  # read by who looks for attributes
            continue
        what = "hidden" if entry.name.startswith(".") else _what(entry)
        if what == "folder":
            yield from _files(root, below / entry.name, [*above, here], skipped)
        elif what == "file":
            yield below / entry.name
        else:
            skipped[what] += 1


def _what(entry: os.DirEntry[str]) -> str:
    """Return whether an entry is a folder or a file, through links, or why it is passed over."""
    try:
        if entry.is_dir():
            return "folder"
        if entry.is_file():
            return "file"
        lost = entry.is_symlink() and not Path(entry.path).exists()
    except OSError:  # links that lead to each other, or to where nobody may look
        lost = True
    return "links to nothing" if lost else "no regular files"


def _reason(path: Path) -> str | None:
    """Return why a file is no picture; None if its first bytes say that it is one."""
    try:
        with path.open("rb") as file:
            known = format_of(file.read(32))
    except OSError:
        return "that cannot be read"
    if known is None:
        return f"no pictures ({plain(path.suffix) or 'no ending'})"
    name, read = known
    return None if read else f"{name} pictures, which are not read"


def _masks(files: list[Path]) -> list[Path]:
    """Return the files that are named after another beside them, as a mask is."""
    stems = {path.with_suffix("") for path in files}
    return [path for path in files if (end := _ending(path)) and path.with_name(path.stem.removesuffix(end)) in stems]


def _ending(path: Path) -> str:
    return next((ending for ending in MASKS if path.stem.lower().endswith(ending)), "")
