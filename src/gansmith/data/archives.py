"""Array files are looked at before they are read: what they say of themselves must be so, and must fit."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from gansmith.data.columns import first_line
from gansmith.data.room import check_room
from gansmith.errors import GansmithError

Array = NDArray[Any]
BROKEN = (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
ENCRYPTED = 1  # of the flags of a zip file's member, APPNOTE 4.4.4
READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def load(path: Path) -> Mapping[str, Array]:
    """Return the arrays of a file by name; one alone in a .npy has none, and stays on disk until it is read.

    Those of a .npz are read when they are asked for.

    Raises:
        GansmithError: if it is no array file, lies about its size, is encrypted, or does not fit into memory.
    """
    try:
        if zipfile.is_zipfile(path):
            return _Members(path)
        loaded = np.load(path, allow_pickle=False, mmap_mode="r")
        return {"arr_0": loaded} if isinstance(loaded, np.ndarray) else dict(loaded)
    except BROKEN as error:
        raise _broken(path, error) from error


class _Members(Mapping[str, Array]):
    """The arrays of a .npz, read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: dict[str, Array] = {}
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        self._members = {member.filename.removesuffix(".npy"): member for member in members}
        if len(self._members) < len(members):
            raise GansmithError(f"--data {path}: two of its arrays have one name: write each under its own")
        for name, member in self._members.items():
            if member.flag_bits & ENCRYPTED:
                raise GansmithError(f"--data {path}: {name} is encrypted: save it without a password")

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __getitem__(self, name: str) -> Array:
        if name not in self._read:
            self._read[name] = self._load(name, self._members[name])
        return self._read[name]

    def _load(self, name: str, member: zipfile.ZipInfo) -> Array:
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(member) as file:
                shape, dtype = _header(file)
                if dtype.hasobject:
                    raise ValueError(
                        f"{name} holds Python objects, which are not read: save words as {name}.astype(str), and "
                        "arrays of several shapes each under its own name"
                    )
                size = math.prod(shape) * dtype.itemsize
                held = member.file_size - file.tell()
                if held != size:
                    raise ValueError(f"{name} says it holds {size:,} bytes, and there are {held:,}")
            check_room(size, f"--data {self.path}: {name}", "save it as .npy, which is read piece by piece")
            with zipfile.ZipFile(self.path) as archive, archive.open(member) as file:
                return npy.read_array(file, allow_pickle=False)
        except (*BROKEN, MemoryError) as error:
            raise _broken(self.path, error) from error


def _header(file: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = npy.read_magic(file)
    if version not in READERS:
        raise ValueError(f"version {version} of the format")
    shape, _, dtype = READERS[version](file)
    if not dtype.itemsize:  # which any number of take no room in the file
        raise ValueError(f"numbers of no bytes, {dtype}")
    return shape, dtype


def _broken(path: Path, error: BaseException) -> GansmithError:
    reason = "it holds Python objects, or is no array" if "pickle" in str(error) else first_line(error)  # type: ignore[arg-type]
    return GansmithError(f"--data {path}: not a readable array file ({reason})")
