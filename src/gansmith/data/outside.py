"""Data from outside: image folders, parquet files, arrays and Hugging Face data sets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import torch

from gansmith.data.arrays import Pictures, array
from gansmith.data.celeba import find_list, from_list
from gansmith.data.columns import no_columns
from gansmith.data.dataset import Dataset
from gansmith.data.folders import PICTURES, classes_of, look_through
from gansmith.data.images import Resident, Streaming
from gansmith.data.labels import MISSING
from gansmith.data.pictures import FORMATS
from gansmith.data.rendering import decide
from gansmith.data.room import check_room
from gansmith.data.shades import FULL, check_shades
from gansmith.data.source import Source
from gansmith.data.tables import hub, parquet
from gansmith.data.undecoded import Table
from gansmith.data.unused import refuse_unused
from gansmith.errors import GansmithError
from gansmith.settings.foreign import is_run
from gansmith.settings.values import expanded


def open_outside(source: Source, fit: Callable[[int], int]) -> Dataset:
    """Open what `source.data` names; `fit` maps the images' own side to the one to train at.

    Sets of up to `source.resident_limit` GiB are decoded into memory, larger ones are streamed.
    """
    return opened(_find(source), source, fit)


def opened(found: Table | Resident, source: Source, fit: Callable[[int], int]) -> Dataset:
    """Return images decoded, or streamed if they are many; what is resident already stays."""
    check_shades(source)
    if isinstance(found, Resident):
        return found
    if source.as_ == "vectors" and not isinstance(found.cells, Pictures):
        raise GansmithError(f"--as vectors: {found.name} holds pictures, and only arrays can be vectors")
    look = found.look(source.background)
    how, told = decide(look, source, fit, found.name)
    gibibytes = len(found.cells) * how.size**2 * how.channels / 2**30
    plain = all(storage == "bytes" and how.shades.spans[storage] == FULL[storage] for storage in look.extremes.seen)
    if gibibytes > source.resident_limit:
        if not plain and source.values is None:
            more = found.add_extremes(look.extremes)
            how, told = decide(look, source, fit, found.name)
            told += more
        found.notes += told
        return Streaming(found, how, source.workers)
    check_room(
        len(found.cells) * how.size**2 * how.channels,
        f"{found.name} at {how.size}x{how.size}",
        "use --resident-limit 0, which streams from disk, or a smaller --image-size",
    )
    if plain:
        found.notes += told
        return found.decode(how)
    made = found.decode(how, look.extremes)
    sure, told = decide(look, source, fit, found.name)  # now that all numbers have been seen
    found.notes += told
    return made if sure.shades == how.shades else found.decode(sure)


def _find(source: Source) -> Table | Resident:
    if source.data.startswith("hub:"):
        refuse_unused(source, "a hub set", source.data)
        return hub(source)
    path = expanded(source.data)
    if path.is_dir():
        return _folder(path, source)
    suffix = path.suffix.lower()
    if not path.is_file():
        raise GansmithError(
            f"--data {source.data}: no built-in set, file or folder of that name (see `gansmith data`); "
            f"a set of the Hugging Face hub is hub:OWNER/NAME"
        )
    if suffix == ".parquet":
        if source.split is not None:
            raise GansmithError(f"--split {source.split}: {path.name} is one table; hub:FOLDER opens several as splits")
        refuse_unused(source, "a table", path.name)
        return parquet(path, source)
    if suffix == ".npz":
        refuse_unused(source, "arrays by name", path.name)
        return array(path, source)
    if suffix == ".npy":
        no_columns(source, "a .npy file holds one array without a name; an .npz can hold images and labels")
        refuse_unused(source, "an array", path.name)
        return array(path, source)
    how = _mended(path)
    raise GansmithError(f"--data {path}: a file must be .parquet, .npy or .npz{how}")


def _mended(path: Path) -> str:
    """Return what to do about a file of another kind."""
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv", ".txt"):
        return f": read a table of numbers and write them, np.save('{path.stem}.npy', np.loadtxt('{path.name}', …))"
    if suffix in (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar"):
        return ": unpack it, and give the folder"
    if suffix in (".pt", ".pth", ".pkl", ".mat", ".h5", ".hdf5", ".safetensors"):
        return f": write its arrays, np.savez('{path.stem}.npz', x=…, y=…), or give them in Python, data=…"
    return f"; pictures go into a folder: --data {path.parent}" if suffix in PICTURES else "; images go into a folder"


def _folder(path: Path, source: Source) -> Table:
    """Read a folder of images; when all of them lie in subfolders, those are the classes. A list has attributes."""
    if is_run(path):
        raise GansmithError(f"--data {source.data}: is a run's folder, and its pictures are made: name real ones")
    known = find_list(path)
    rest = source if known is None else dataclasses.replace(source, attribute_columns=None)  # those may be chosen
    no_columns(rest, "in a folder of images the subfolders are the labels")
    refuse_unused(rest, "a folder of pictures", path.name)
    found = look_through(path, source)
    if not found.files:
        other = f"; its parquet files open with --data hub:{path}" if any(path.rglob("*.parquet")) else ""
        told = f": {found.notes[0]}" if found.notes else ""
        raise GansmithError(f"--data {path}: no images in this folder ({', '.join(FORMATS)}){told}{other}")
    files, classes, notes = classes_of(path, found, source)
    names = sorted({*classes} - {""})
    labelled = len(names) > 1
    number = {"": MISSING} | {name: i for i, name in enumerate(names)}
    labels = torch.tensor([number[name] for name in classes]) if labelled else None
    attributes, titles = (None, []) if known is None else from_list(known, path, [p.name for p in files], source)
    cells, own = [str(path / p) for p in files], bool(titles) and source.attribute_columns is None
    notes = [*notes, *found.notes]
    name = path.absolute().name
    return Table(cells, labels, names if labelled else [], name, attributes, titles, found=own, notes=notes)
