"""What samples are made from: drawn from seeds, or given."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from gansmith.conditions import Condition
from gansmith.data.dataset import randomness
from gansmith.errors import GansmithError
from gansmith.generators.prior import Prior
from gansmith.generators.request import ConditionRequest
from gansmith.generators.vocabulary import Vocabulary
from gansmith.settings.values import expanded

BLOCK = 64  # samples whose noise is drawn at once: noise i is the same however many are asked for
KINDS = ".npy, .npz, .safetensors or .pt"


class Latents(NamedTuple):
    """What samples are made from."""

    z: Tensor
    """(N, latent) noise."""
    c: Tensor | None
    """(N, size) conditions, if the generator takes any."""


@dataclass(frozen=True)
class Drawing:
    """The latents of some samples, a piece at a time.

    Attributes:
        seeds: one for all samples, or one for each.
        given: their z, and c where it is given too, instead of drawn ones.
        of_styles: whether truncation is of the generator's styles, and not of this noise.
    """

    prior: Prior
    condition: Condition
    vocabulary: Vocabulary
    count: int
    seeds: int | Sequence[int] = 0
    truncation: float = 1.0
    request: ConditionRequest = ConditionRequest()
    given: Latents | None = None
    of_styles: bool = False

    def rows(self, first: int, count: int) -> Latents:
        """Return the latents of samples `first`, a multiple of `BLOCK`, to `first + count`."""
        if isinstance(self.seeds, int):
            blocks = [self._block(self.seeds, at, at) for at in range(first, first + count, BLOCK)]
        else:  # each of these samples is the first of its seed
            whole = [self._block(self.seeds[i], 0, i) for i in range(first, first + count)]
            blocks = [Latents(z[:1], None if c is None else c[:1]) for z, c in whole]
        z = torch.cat([block.z for block in blocks])[:count]
        c = torch.cat([block.c for block in blocks if block.c is not None])[:count] if self.condition.size else None
        if self.given is not None:
            part = slice(first, first + count)
            return Latents(self.given.z[part], c if self.given.c is None else self.given.c[part])
        return Latents(z, c)

    def _block(self, seed: int, place: int, first: int) -> Latents:
        """Return a block of a seed's latents, from its sample `place` on, for samples `first` and those after it."""
        rng = randomness(seed, "sample", place // BLOCK)
        z = self.prior.draw(BLOCK, rng, 1.0 if self.of_styles else self.truncation)
        if not self.condition.size:
            return Latents(z, None)
        rng = randomness(seed, "conditions", place)
        return Latents(z, self.request.conditions(self.condition, self.vocabulary, first, BLOCK, rng))


def drawing(
    prior: Prior,
    condition: Condition,
    vocabulary: Vocabulary,
    *,
    count: int | None,
    seed: Any,
    truncation: float,
    request: ConditionRequest,
    latents: Any,
    of_styles: bool = False,
) -> Drawing:
    """Return latents to be drawn, or given ones, or say what is wrong with them; see `TrainedGenerator.sample`."""
    seeds = seeds_of(seed)
    given = None if latents is None else given_latents(latents, prior.latent, condition.size)
    for what, each in (("latents", given and given.z), ("seeds", None if isinstance(seeds, int) else seeds)):
        if each is None:
            continue
        if count is not None and count != len(each):
            raise GansmithError(f"count = {count}, and there are {len(each)} {what}: leave the count out")
        count = len(each)
    if count is None or count < 1:
        raise GansmithError(f"count = {count} must be at least 1")
    if not 0 < truncation <= 1:
        raise GansmithError(f"truncation = {truncation:g} must be in (0, 1]")
    if given is not None and truncation < 1 and not of_styles:
        raise GansmithError(f"truncation = {truncation:g} is of drawn noise, and the latents are given")
    if given is not None and given.c is not None and request:
        raise GansmithError("latents hold conditions already: leave out labels, attributes and codes")
    return Drawing(prior, condition, vocabulary, count, seeds, truncation, request, given, of_styles)


def seeds_of(seed: Any) -> int | list[int]:
    """Return one seed, or the list of them that a sequence, a tensor or an array holds."""
    try:
        if isinstance(seed, str):
            raise TypeError
        return operator.index(seed) if not hasattr(seed, "__len__") else [operator.index(one) for one in seed]
    except TypeError:
        raise GansmithError(f"seed = {seed} must be a whole number, or one for each sample") from None


def given_latents(latents: Any, latent: int, size: int) -> Latents:
    """Return latents of one's own, checked.

    Args:
        latents: z (N, latent), a tensor or an array; or what `TrainedGenerator.latents` returned.
        latent: numbers of noise that the generator takes.
        size: numbers of conditions that it takes.
    """
    z, c = latents if isinstance(latents, Latents) else (latents, None)
    try:
        found = torch.as_tensor(z).detach().cpu()
    except (TypeError, ValueError, RuntimeError) as error:
        raise GansmithError(f"latents = {type(z).__name__}: give a tensor or an array (N, {latent})") from error
    if found.dim() != 2 or found.shape[1] != latent or not len(found) or found.is_complex():
        raise GansmithError(f"latents: shape {tuple(found.shape)} is not (N, {latent}), which this generator takes")
    if not found.isfinite().all():
        raise GansmithError("latents: some values are NaN or infinite")
    if c is not None and c.shape != (len(found), size):
        raise GansmithError(f"latents: conditions of shape {tuple(c.shape)} are not ({len(found)}, {size})")
    return Latents(found.float(), c)


def read_latents(path: str | Path) -> Tensor:
    """Return the one tensor or array, or the one called z or latents, of a .npy, .npz, .safetensors or .pt file."""
    path = expanded(str(path))
    if path.suffix not in (".npy", ".npz", ".safetensors", ".pt"):
        raise GansmithError(f"latents {path}: a file must be {KINDS}")
    if not path.is_file():
        raise GansmithError(f"latents {path}: there is no such file")
    try:
        held = _content(path)
    except Exception as error:  # each format has errors of its own for a broken file
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise GansmithError(f"latents {path}: cannot be read ({reason})") from error
    if not isinstance(held, dict):
        return torch.as_tensor(held)
    named = [name for name in ("z", "latents") if name in held] or list(held)
    if len(named) != 1:
        raise GansmithError(f"latents {path}: which of {', '.join(map(str, held))}? Call the one z")
    return torch.as_tensor(held[named[0]])


def _content(path: Path) -> Any:
    """Return what a file holds; nothing in it is run."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    if path.suffix == ".pt":
        return torch.load(path, weights_only=True, map_location="cpu")
    found = np.load(path, allow_pickle=False)
    return found if isinstance(found, np.ndarray) else dict(found)
