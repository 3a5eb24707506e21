"""How much memory a step takes, estimated before any is asked for."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.games import GAN
from gansmith.memory import available
from gansmith.networks.copying import copy_of
from gansmith.networks.output import DiscriminatorOutput
from gansmith.recipes.composition import Recipe
from gansmith.streams import forked

SMALL = 2, 4  # samples whose demands tell that of one more
ROUGH = 400  # numbers kept for each number of a sample at most: a step of fewer is not looked at
SHARE = 0.9  # of the memory that is free


def check_demand(recipe: Recipe, game: GAN, shape: tuple[int, ...], device: torch.device) -> None:
    """Refuse a minibatch that does not fit into memory, and say which does.

    What a step keeps is what both networks save for their gradients, the discriminator twice: for real samples and for
    fakes.

    Raises:
        GansmithError: if it is more than there is.
    """
    batch, free = recipe.training.batch, _free(device)
    if batch * math.prod(shape) * ROUGH * 4 < free:
        return
    each = _of_one(game, shape, recipe.prior.latent, device)
    if each is not None and batch * each > SHARE * free:
        fits = max(1, int(SHARE * free / each) // 2 * 2)
        raise GansmithError(
            f"batch = {batch}: a step takes about {batch * each / 2**30:,.1f} GiB, and {free / 2**30:,.1f} are free: "
            f"use --batch {fits} or less, or a smaller --image-size"
        )


def _free(device: torch.device) -> int:
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else available()


def _of_one(game: GAN, shape: tuple[int, ...], latent: int, device: torch.device) -> float | None:
    """Return the bytes that a step keeps for one more sample; None where the networks want more than noise."""
    if game.condition.size or "discriminator" not in game.networks:
        return None
    with forked():
        generator, judge = (copy_of(game.networks[name], name) for name in ("generator", "discriminator"))
        few, more = (_kept(generator, judge, count, shape, latent, device) for count in SMALL)
    return None if few is None or more is None else (more - few) / (SMALL[1] - SMALL[0])


def _kept(
    generator: nn.Module, judge: nn.Module, count: int, shape: tuple[int, ...], latent: int, device: torch.device
) -> float | None:
    pack = getattr(judge, "pack", 1)
    count *= pack
    sizes: list[dict[int, int]] = []

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        sizes[-1][storage.data_ptr()] = storage.nbytes()
        return tensor

    kept: list[object] = []  # so that no storage is used twice
    try:
        for network, given in ((generator, torch.randn(count, latent)), (judge, torch.randn(count, *shape))):
            sizes.append({})
            with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
                found = network(given.to(device))
            kept.append(found.logits if isinstance(found, DiscriminatorOutput) else found)
    except Exception:  # what a network of a user's own raises is told by the trial
        return None
    made, judged = (sum(part.values()) / pack for part in sizes)
    return made + 2 * judged + 4 * 4 * math.prod(shape) * count / pack
