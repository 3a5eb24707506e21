"""Attributes of the pictures in a folder, from a list in CelebA's form that lies in the folder or beside it.

Liu et al. 2015, "Deep learning face attributes in the wild", arXiv 1411.7766.
"""

from __future__ import annotations

import csv
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gansmith.data.attributes import as_attributes, asked
from gansmith.data.columns import first_line
from gansmith.data.source import Source
from gansmith.errors import GansmithError

log = logging.getLogger(__name__)

LISTS = ("list_attr_celeba.txt", "list_attr_celeba.csv")
VALUES = {"-1": -1, "0": 0, "1": 1, "False": 0, "True": 1, "false": 0, "true": 1}
Row = tuple[int, list[str]]
"""The number of a line, and its cells."""


def find_list(folder: Path) -> Path | None:
    """Return the list of a folder: in it, or else beside it."""
    here = _absolute(folder)
    return next((path for where in (here, here.parent) for path in map(where.joinpath, LISTS) if path.is_file()), None)


def from_list(path: Path, folder: Path, pictures: Sequence[str], source: Source) -> tuple[Tensor | None, list[str]]:
    """Return the attributes (N, A) of pictures and their names, all or those that are asked for.

    A list beside the folder that has none of its pictures is another folder's; then there are none, unless they are
    asked for. Pictures that are listed and not there are counted in a line.

    Args:
        path: of the list.
        folder: the pictures lie in.
        pictures: names of their files.
        source: says which attributes are wanted.

    Raises:
        GansmithError: if the list is damaged, or lacks one of the pictures.
    """
    wanted = set(pictures)
    beside = path.parent != _absolute(folder)
    if beside and not asked(source) and not any(cells[0] in wanted for _, cells in _rows(path)):
        return None, []
    if len(wanted) < len(pictures):
        twice = Counter(pictures).most_common(1)[0][0]
        raise GansmithError(
            f"{path}: several pictures in {folder} are called {twice}, and a list knows them by that name alone: "
            "give each its own"
        )
    rows = _rows(path)
    names = _header(path, rows)
    lines, values, others = _read(path, rows, names, wanted)
    lacking = [name for name in pictures if name not in lines]
    if lacking:
        more = f" and {len(lacking) - 1:,} more" if len(lacking) > 1 else ""
        raise GansmithError(f"{path}: no line for {lacking[0]}{more} in {folder}: add it, or take the picture away")
    if others:
        log.info("%s: %d of the %d pictures in it are not in %s", path, others, others + len(lines), folder)
    table = np.array(values, dtype=np.int8)
    chosen = names if source.attribute_columns is None else asked(source)
    at = [*lines.values()]
    columns = dict(zip(names, table.T, strict=True))
    known, titles = as_attributes(chosen, "column", columns, lambda row: f"line {at[row]} of {path}")
    order = {name: row for row, name in enumerate(lines)}
    return (None if known is None else known[torch.tensor([order[name] for name in pictures])]), titles


def _absolute(folder: Path) -> Path:
    """Return where a folder lies as it is named, through links."""
    return folder.resolve() if ".." in folder.parts else folder.absolute()


def _rows(path: Path) -> Iterator[Row]:
    """Yield the lines that are not empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline() if path.suffix == ".csv" else ""
            file.seek(0)
            between = next((mark for mark in ";\t" if head.count(mark) > head.count(",")), ",")
            reader = csv.reader(file, delimiter=between)
            lines: Iterable[Row] = (
                ((reader.line_num, cells) for cells in reader)
                if path.suffix == ".csv"
                else ((number, line.split()) for number, line in enumerate(file, 1))
            )
            yield from (row for row in lines if any(row[1]))
    except (OSError, ValueError, csv.Error) as error:
        raise GansmithError(f"{path}: not a readable list of attributes ({first_line(error)})") from error


def _header(path: Path, rows: Iterator[Row]) -> list[str]:
    """Read the names of the attributes, which a line with the number of pictures goes before in a .txt."""
    line, cells = next(rows, (1, []))
    if path.suffix == ".csv":
        names = cells[1:]
    else:
        if len(cells) != 1 or not cells[0].isdecimal():
            raise GansmithError(
                f"{path}, line {line}: {' '.join(cells)[:40]!r} is no number of pictures: that goes first, "
                "then a line with the names of the attributes, then one for each picture"
            )
        line, names = next(rows, (line + 1, []))
    if not names:
        raise GansmithError(f"{path}, line {line}: no names of attributes: they go before the pictures")
    for name in names:
        if names.count(name) > 1:
            raise GansmithError(f"{path}, line {line}: {name} is there twice: give each attribute its own name")
    return names


def _read(
    path: Path, rows: Iterator[Row], names: list[str], wanted: set[str]
) -> tuple[dict[str, int], list[list[int]], int]:
    """Return the lines of the wanted pictures by name, what these lines say, and how many other pictures there are."""
    lines: dict[str, int] = {}
    values: list[list[int]] = []
    others = 0
    for line, (picture, *cells) in rows:
        if len(cells) != len(names):
            raise GansmithError(
                f"{path}, line {line}: {len(cells)} values for {picture}, and there are {len(names)} attributes: "
                "each needs one"
            )
        if picture not in wanted:
            others += 1
            continue
        if picture in lines:
            raise GansmithError(f"{path}, line {line}: {picture} is in line {lines[picture]} too: leave out one")
        lines[picture] = line
        try:
            values.append([VALUES[cell] for cell in cells])
        except KeyError:
            name, cell = next((n, c) for n, c in zip(names, cells, strict=True) if c not in VALUES)
            raise GansmithError(
                f"{path}, line {line}: column '{name}' holds '{cell[:40]}': write -1 or 1, 0 or 1, True or False"
            ) from None
    return lines, values, others
