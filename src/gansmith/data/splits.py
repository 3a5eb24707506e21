"""Folders and arrays that are no classes but splits of a data set, or pictures beside their masks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansmith.data.source import Source
from gansmith.errors import GansmithError

MEANT = {"training": "train", "testing": "test", "val": "validation", "valid": "validation", "dev": "validation"}
"""Words for splits, and what they mean."""
SPLIT = re.compile(
    r"(?P<split>train(?:ing)?|test(?:ing)?|val(?:id(?:ation)?)?|dev)"
    r"(?:[_-]?(?:set|images|imgs|data|hr|lr|a|b|(?:19|20)\d\d))?"
)
"""Names of the folders of splits in lower case, those with two domains, sizes or a year too: trainA, val2017."""
IMAGES = {"images", "image", "imgs", "img", "photos", "pictures", "jpegimages"}
BESIDE = {"masks", "mask", "labels", "label", "annotations", "annotation", "segmentation", "segmentations", "gt"}
BESIDE |= {"groundtruth", "ground_truth", "depth", "edges", "segmentationclass", "segmentationobject"}
"""Names of folders that hold pictures about pictures."""
ALL = "all"
ARRAY = re.compile(r"(?:(?P<what>[a-z]+)_)?(?P<split>train|test|val|valid|validation)(?:_(?P<kind>[a-z]+))?")


def chosen(files: list[Path], source: Source, called: str) -> tuple[list[Path], int, list[str]]:
    """Return the files of the split that is asked for, how many folders deep it lies, and notes.

    A folder that is the only one, and a split or the images, is gone into.

    Args:
        files: relative to the data's folder.
        source: says the split: a folder, folders with / between, or all of them.
        called: what the data's folder is, for the error.

    Raises:
        GansmithError: if there are several and none is asked for, or the one asked for is not there.
    """
    notes: list[str] = []
    depth, parts = 0, (source.split or "").strip("/").split("/") if source.split else []
    while True:
        tops = sorted({path.parts[depth] for path in files if len(path.parts) > depth + 1})
        loose = any(len(path.parts) == depth + 1 for path in files)
        if parts and parts[0] == ALL:
            return files, depth + int(bool(_kinds(tops))), notes
        if parts:
            files = [path for path in files if path.parts[depth] == _named(parts[0], tops, called)]
            parts, depth = parts[1:], depth + 1
            continue
        kinds = _kinds(tops)
        if not kinds or (loose and len(kinds) < 2):
            return files, depth, notes
        if len(tops) > 1:
            raise GansmithError(_question(files, depth, tops, kinds, called))
        notes.append(f"the pictures are those in {'/'.join(files[0].parts[: depth + 1])}")
        depth += 1


def split_of(name: str) -> str | None:
    """Return the split that a folder is named after; None if it is none.

    >>> split_of("Training"), split_of("valid_set"), split_of("testA"), split_of("trainer")
    ('train', 'validation', 'test', None)
    """
    found = SPLIT.fullmatch(name.lower())
    return MEANT.get(found["split"], found["split"]) if found else None


def _kinds(tops: list[str]) -> list[str]:
    """Return the folders that are splits, or images and what stands beside them; none if they are classes."""
    splits = [top for top in tops if split_of(top)]
    beside = [top for top in tops if top.lower() in BESIDE]
    images = [top for top in tops if top.lower() in IMAGES]
    if len({*map(split_of, splits)}) > 1 or (splits and len(splits) == len(tops)):
        return splits
    return [*images, *beside] if images and (beside or len(tops) == 1) else []


def _question(files: list[Path], depth: int, tops: list[str], kinds: list[str], called: str) -> str:
    above = "/".join(files[0].parts[:depth])
    first = next((top for top in kinds if split_of(top) == "train"), kinds[0])
    wanted = f"{above}/{first}" if above else first
    counts = [f"{top} ({sum(path.parts[depth] == top for path in files):,})" for top in tops]
    return (
        f"--data {called}: its folders are no classes but parts of a set, {', '.join(counts)}: --split {wanted} takes "
        f"one, --split {f'{above}/' if above else ''}{ALL} all"
    )


def _named(wanted: str, tops: list[str], called: str) -> str:
    """Return the folder that is called so, or means the same."""
    same = [top for top in tops if top == wanted] or [top for top in tops if top.lower() == wanted.lower()]
    meant = split_of(wanted)
    same = same or [top for top in tops if meant and split_of(top) == meant]
    if not same:
        there = f"there are {', '.join(tops)}" if tops else "there are no folders in it"
        raise GansmithError(f"--split {wanted}: no folder of {called} is called so; {there}")
    if len(same) > 1:
        raise GansmithError(f"--split {wanted}: {called} has several of that kind, {', '.join(same)}: name one")
    return same[0]


def of_split(arrays: Mapping[str, Any], source: Source, called: str, leave: Sequence[str] = ()) -> Mapping[str, Any]:
    """Return the arrays of the split that is asked for, under names without it, and those of no split as they are.

    Takes x_train, y_train, x_test, … and train_images, train_labels, test_images, … One that is asked for by its whole
    name is left as it is. An array is read when it is asked for.

    Args:
        arrays: by name.
        source: says the split.
        called: what they are, for the error.
        leave: names of arrays that are left out.
    """
    names = [name for name in arrays if name not in leave]
    named = {name: match for name in names if (match := ARRAY.fullmatch(name.lower()))}
    splits = sorted({match["split"] for match in named.values()})
    whole = source.image_column in names
    if whole and source.split is not None:
        raise GansmithError(
            f"--split {source.split}: --image-column {source.image_column} is one array of {called}: leave one of the "
            "two out"
        )
    if whole or (len(splits) < 2 and source.split is None):
        return _Joined(arrays, {name: [name] for name in names}, called)
    if not splits:
        raise GansmithError(f"--split {source.split}: {called} holds {', '.join(names)}, which are no splits")
    if source.split is None:
        first = "train" if "train" in splits else splits[0]
        raise GansmithError(
            f"{called}: holds splits, {', '.join(splits)}: --split {first} takes one, --split {ALL} all"
        )
    wanted = splits if source.split == ALL else [_same(source.split, splits, called)]
    parts = {name: [name] for name in names if name not in named}
    for split in wanted:  # in one order for samples and labels, in whatever order they lie in the file
        for name in (name for name, match in named.items() if match["split"] == split):
            parts.setdefault(named[name]["what"] or named[name]["kind"] or "x", []).append(name)
    return _Joined(arrays, parts, called)


class _Joined(Mapping[str, Any]):
    """Arrays that are made of others, one after another."""

    def __init__(self, arrays: Mapping[str, Any], parts: Mapping[str, list[str]], called: str) -> None:
        self.arrays = arrays
        self.parts = parts
        self.called = called

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __getitem__(self, name: str) -> Any:
        found: list[NDArray[Any]] = [self.arrays[part] for part in self.parts[name]]
        if len(found) == 1:
            return found[0]
        if len({(one.dtype.kind, one.dtype == np.uint8, one.shape[1:]) for one in found}) > 1:
            several = zip(self.parts[name], found, strict=True)
            told = " and ".join(f"{part} ({one.dtype}, {one.shape})" for part, one in several)
            raise GansmithError(f"{self.called}: {told} are not alike: --split takes one of them")
        return np.concatenate(found)


def _same(wanted: str, splits: Iterable[str], called: str) -> str:
    meant = split_of(wanted) or wanted
    for split in splits:
        if split_of(split) == meant:
            return split
    raise GansmithError(f"--split {wanted}: {called} holds {', '.join(splits)}")
