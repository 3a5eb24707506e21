"""A frame: numbers and small arrays in one binary message."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

KINDS = {"float32": "f4", "uint8": "u1"}


def pack(about: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """Return a message: the length of a header (4 bytes, little-endian), the header in JSON, and the arrays' bytes.

    The header is `about` with `arrays`: of each its name, kind, shape and where it begins behind the header, which with
    its length takes up a multiple of four bytes. Numbers that JSON cannot say are null.
    """
    listed, parts, at = [], [], 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        listed.append([name, KINDS[array.dtype.name], array.shape, at])
        padded = raw + b"\0" * (-len(raw) % 4)
        parts.append(padded)
        at += len(padded)
    header = json.dumps({**_finite(about), "arrays": listed}, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 4)
    return struct.pack("<I", len(header)) + header + b"".join(parts)


def unpack(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """Return what `pack` was given.

    >>> about, arrays = unpack(pack({"step": 3, "js": math.nan}, {"x": np.ones((2, 1), np.float32)}))
    >>> about["step"], about["js"], arrays["x"].tolist()
    (3, None, [[1.0], [1.0]])
    """
    (length,) = struct.unpack_from("<I", message)
    about = json.loads(message[4 : 4 + length])
    arrays = {}
    for name, kind, shape, at in about.pop("arrays"):
        count = math.prod(shape)
        arrays[name] = np.frombuffer(message, f"<{kind}", count, 4 + length + at).reshape(shape)
    return about, arrays


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
