"""The global random generators of torch, numpy and Python: seeded, saved, put back, and exchanged for others.

A program and each of its runs have streams of their own. Whoever plays puts its streams in place, and the program's
back afterwards. There is one place for all threads, so they take turns.
"""

from __future__ import annotations

import copy
import ctypes
import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.random import mtrand
from torch import Tensor

from gansmith.turns import Turn

streams = Turn()
"""Held while the global generators are anything but the program's."""

_idle: list[Any] = []  # bit generators for whoever has the turn, since to make one takes longer than all the rest
_MERSENNE_TWISTER = 625 * 4  # bytes of numpy's: 624 words and a position


def _has_cuda() -> bool:
    return bool(torch.cuda.is_initialized())  # type: ignore[no-untyped-call]


def seed_everything(seed: int) -> None:
    """Seed every global generator: torch's (CPU and GPU), numpy's and Python's."""
    torch.default_generator.manual_seed(seed)
    if _has_cuda():  # or else the program's would be decided here when it is
        torch.cuda.manual_seed_all(seed)
    if torch.backends.mps.is_available():
        torch.mps.manual_seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the global one, which a user's own code may draw from
    random.seed(seed)


def seed_by(numbers: Tensor) -> int:
    """Return a seed that depends on the first row of some numbers (N, D).

    >>> seed_by(torch.zeros(1, 2)) == seed_by(torch.zeros(3, 2)) != seed_by(torch.ones(1, 2))
    True
    """
    row = numbers[:1].detach().cpu().double().numpy().tobytes()
    return int.from_bytes(hashlib.blake2b(row, digest_size=6).digest(), "little")


def random_state() -> dict[str, Any]:
    """Return the state of every global random generator, as plain values and tensors."""
    kind, keys, position, has_gauss, cached = np.random.get_state(legacy=True)  # noqa: NPY002 - the global one is what has to be saved
    version, numbers, gauss = random.getstate()
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if _has_cuda() else [],
        "numpy": [str(kind), torch.from_numpy(np.asarray(keys).astype(np.int64)), position, has_gauss, cached],
        "python": [version, list(numbers), gauss],
        **({"mps": torch.mps.get_rng_state()} if torch.backends.mps.is_available() else {}),
    }


def set_random_state(state: dict[str, Any]) -> None:
    """Put every global random generator back."""
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        for device, mine in zip(range(torch.cuda.device_count()), state["cuda"], strict=False):
            torch.cuda.set_rng_state(mine, device)
    if "mps" in state and torch.backends.mps.is_available():
        torch.mps.set_rng_state(state["mps"])
    kind, keys, position, has_gauss, cached = state["numpy"]
    np.random.set_state((kind, keys.numpy().astype(np.uint32), position, has_gauss, cached))  # noqa: NPY002
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers), gauss))


@dataclass
class Streams:
    """What every global generator goes on with."""

    torch: Tensor
    cuda: list[Tensor] | None
    """Of each GPU; None before the first use of one."""
    mps: Tensor | None
    python: tuple[Any, ...]
    numpy: _Numpy

    @classmethod
    def now(cls, known: Streams | None = None) -> Streams:
        """Return those in place; `known` is what they were at another time, which saves work."""
        return cls(
            torch.get_rng_state(),
            torch.cuda.get_rng_state_all() if _has_cuda() else None,
            torch.mps.get_rng_state() if torch.backends.mps.is_available() else None,
            random.getstate(),
            _Numpy.now(known.numpy if known else None),
        )

    @classmethod
    def fresh(cls) -> Streams:
        """Return others that begin where those in place are, and leave these alone."""
        now = cls.now()
        now.numpy = copy.deepcopy(now.numpy)
        return now

    def put(self) -> None:
        """Put them in place."""
        torch.set_rng_state(self.torch)
        if self.cuda is not None:
            torch.cuda.set_rng_state_all(self.cuda)
        elif _has_cuda():  # since then: as the CPU's was seeded
            torch.cuda.manual_seed_all(torch.initial_seed())
        if self.mps is not None:
            torch.mps.set_rng_state(self.mps)
        random.setstate(self.python)
        self.numpy.put()


@dataclass
class _Numpy:
    """Numpy's global stream, whose bit generator is exchanged as a whole: its state takes 0.1 ms to read or write."""

    bits: Any
    """The bit generator."""
    spare: float | None
    """A normal number: they are made in pairs."""
    memory: bytes | None
    """Of the bit generator when there was no spare."""

    @classmethod
    def now(cls, known: _Numpy | None) -> _Numpy:
        bits = mtrand.get_bit_generator()
        twister = isinstance(bits, np.random.MT19937)
        memory = ctypes.string_at(bits.ctypes.state_address, _MERSENNE_TWISTER) if twister else None
        if known is not None and known.bits is bits and known.memory == memory is not None:
            return known  # nothing was drawn since
        state: Any = np.random.get_state(legacy=False)  # noqa: NPY002
        spare = state["gauss"] if state["has_gauss"] else None
        return cls(bits, spare, memory if spare is None else None)

    def put(self) -> None:
        mtrand.set_bit_generator(self.bits)  # which forgets the spare
        if self.spare is not None:
            state: Any = np.random.get_state(legacy=False)  # noqa: NPY002
            np.random.set_state({**state, "has_gauss": 1, "gauss": self.spare})  # noqa: NPY002


@contextmanager
def forked(seed: int = 0) -> Iterator[None]:
    """While inside, global generators follow this seed; afterwards they are as before. Serves as a decorator too."""
    with streams:
        outside = Streams.now()
        bits = _idle.pop() if _idle else np.random.MT19937()
        try:
            mtrand.set_bit_generator(bits)
            seed_everything(seed)
            yield
        finally:
            outside.put()
            _idle.append(bits)
