"""How much memory a step takes, estimated before any is asked for."""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Iterator

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.games import GAN
from gansmith.games.round import Round
from gansmith.memory import available
from gansmith.networks.copying import memo_of
from gansmith.recipes.composition import Recipe
from gansmith.streams import forked

SMALL = 2, 4  # packs of samples whose demands tell that of one more
ROUGH, LEAST = 1000, 2**10  # numbers kept for each number of a sample, and numbers of a sample: fewer are not looked at
PASSING = 1.6  # of what is kept: gradients that a step soon lets go of; 13 recipes then take 0.7 to 1.2 of the estimate
SHARE = 0.9  # of the memory that is free


def check_demand(recipe: Recipe, game: GAN, shape: tuple[int, ...], device: torch.device) -> None:
    """Refuse a minibatch that does not fit into memory, and say which does.

    A copy of the game plays a step of two samples and one of four, with all its terms, penalties and conditions, and
    the most that is kept for gradients at any moment of them is counted.

    Raises:
        GansmithError: if it is more than there is.
    """
    batch, free = recipe.training.batch, _free(device)
    if batch * max(math.prod(shape), LEAST) * ROUGH * 4 < free:
        return
    each = _of_one(recipe, game, shape, device)
    if each is not None and batch * each > SHARE * free:
        pack = recipe.discriminator_options.pack
        fits = max(1, int(SHARE * free / each) // (2 * pack) * 2) * pack
        raise GansmithError(
            f"batch = {batch}: a step takes about {batch * each / 2**30:,.1f} GiB, and {free / 2**30:,.1f} are free: "
            f"use --batch {fits} or less{', or a smaller --image-size' if len(shape) == 3 else ''}"
        )


def _free(device: torch.device) -> int:
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else available()


def _of_one(recipe: Recipe, game: GAN, shape: tuple[int, ...], device: torch.device) -> float | None:
    """Return the bytes that a step keeps for one more sample; None where it fails, which the trial tells."""
    pack = recipe.discriminator_options.pack
    with forked():
        try:
            few, more = (_course(recipe, game, count * pack, shape, device) for count in SMALL)
        except Exception:  # whatever a network of a user's own raises
            return None
    if len(few) != len(more):  # no two moments correspond
        few, more = [max(few)], [max(more)]
    most = max(b - a for a, b in zip(few, more, strict=True))  # which moment that is depends on the size of minibatches
    per_sample: float = PASSING * most / ((SMALL[1] - SMALL[0]) * pack) + 4 * 4 * math.prod(shape)
    return per_sample


def _course(recipe: Recipe, game: GAN, count: int, shape: tuple[int, ...], device: torch.device) -> list[int]:
    """Return how many bytes are kept for gradients from moment to moment while a copy of a game plays a step."""
    twin, ledger = copy.deepcopy(game, memo_of(game.networks.values())), _Ledger()
    with torch.autograd.graph.saved_tensors_hooks(ledger.keep, lambda kept: kept.tensor):
        recipe.dynamics.step(twin, _rounds(twin, recipe.prior.latent, count, shape, device))
    return ledger.course


def _rounds(game: GAN, latent: int, count: int, shape: tuple[int, ...], device: torch.device) -> Iterator[Round]:
    """Yield minibatches of no particular samples."""
    rng, how = torch.Generator().manual_seed(0), game.condition
    while True:
        labels = torch.arange(count) % how.labels if how.labels else None
        attributes = torch.rand(count, len(how.attributes), generator=rng)
        c = how.join(labels, attributes, how.draw_codes(count, rng)).to(device) if how.size else None
        x, z = (torch.randn(count, *one, generator=rng).to(device) for one in (shape, (latent,)))
        yield game.round(x.clamp(-1, 1), z, c, torch.Generator(device).manual_seed(0))


class _Ledger:
    """Counts the bytes that autograd keeps, from moment to moment."""

    def __init__(self) -> None:
        self.course = [0]
        self._users: Counter[int] = Counter()

    def keep(self, tensor: Tensor) -> _Kept:
        return _Kept(self, tensor)

    def add(self, tensor: Tensor, users: int) -> None:
        """Count one more user of a tensor's memory, or one less."""
        storage = tensor.untyped_storage()
        place = storage.data_ptr()
        before, self._users[place] = self._users[place], self._users[place] + users
        first_or_last = not before or not self._users[place]
        self.course.append(self.course[-1] + first_or_last * users * storage.nbytes())


class _Kept:
    """A tensor that is kept for a gradient, until nobody refers to this any more."""

    def __init__(self, ledger: _Ledger, tensor: Tensor) -> None:
        self.tensor = tensor
        self._ledger = ledger
        ledger.add(tensor, 1)

    def __del__(self) -> None:
        self._ledger.add(self.tensor, -1)
