"""Everybody who plays, by name. Whoever needs packages of its own imports them when it is built."""

from __future__ import annotations

from collections.abc import Callable

from contest.ours import gansmith
from contest.plain import plain
from contest.works import Ground, Side


def _torchgan(ground: Ground) -> Side:
    from contest.peers import TorchGAN

    return TorchGAN(ground)


def _mimicry(ground: Ground) -> Side:
    from contest.peers import Mimicry

    return Mimicry(ground)


def _jax_jit(ground: Ground) -> Side:
    from contest.jax_loops import Loop

    return Loop(ground, scan=False)


def _jax_scan(ground: Ground) -> Side:
    from contest.jax_loops import Loop

    return Loop(ground, scan=True)


SIDES: dict[str, Callable[[Ground], Side]] = {
    "plain": plain,
    "torchgan": _torchgan,
    "torch-mimicry": _mimicry,
    "jax jit": _jax_jit,
    "jax scan": _jax_scan,
    "gansmith": gansmith(),
    "gansmith compiled": gansmith("--compile True", compile=True),
    "gansmith tf32": gansmith("--precision tf32", precision="tf32"),
    "gansmith bf16": gansmith("--precision bf16", precision="bf16"),
}
