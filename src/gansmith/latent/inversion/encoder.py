"""A network that reads a picture's place in the latent space, learnt on the generator's own samples."""

from __future__ import annotations

import logging
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from gansmith.errors import GansmithError
from gansmith.files import cache_folder
from gansmith.generators.rest import at_rest
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.file import fingerprint
from gansmith.latent.fitting import explained, fit
from gansmith.latent.predictor import convolutions
from gansmith.metrics.features.kept import digest, recall, remember
from gansmith.streams import forked

log = logging.getLogger(__name__)

VERSION = 1  # of the encoder and its training; raised when either changes, so that old ones are not taken for new
SHOWN, BATCH, RATE = 30_000, 128, 3e-3  # samples in all, in a minibatch, and the largest learning rate
FARTHEST = 6.0  # standard deviations: no coordinate counts as farther out while it learns
HELD_OUT = 1000
DRAWN, TOLD = 2**42, 2**43  # seeds of samples that it learns from, and is measured on


class Encoder(nn.Module):
    """Images (N, C, H, W) in [−1, 1] → whitened coordinates (N, r): strided convolutions and one hidden layer.

    Attributes:
        r2: () R² over all coordinates of samples that were not learnt from.
    """

    def __init__(self, shape: tuple[int, ...], size: int, width: int = 24, hidden: int = 512) -> None:
        super().__init__()
        layers, features = convolutions(tuple(shape), width)
        layers += [nn.Flatten(), nn.Linear(features, hidden), nn.SiLU(), nn.Linear(hidden, size)]
        self.body = nn.Sequential(*layers).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.register_buffer("r2", torch.zeros(()))
        self.r2: Tensor

    def forward(self, x: Tensor) -> Tensor:
        u: Tensor = self.body(x)
        return u


def learn_encoder(coordinates: Coordinates, seed: int = 0, shown: int = SHOWN, width: int = 24) -> Encoder:
    """Return an encoder, learnt by least squares E|e(G(u)) − u|²; every sample is drawn anew and seen once.

    Zhu, Krähenbühl, Shechtman, Efros 2016, "Generative visual manipulation on the natural image manifold", arXiv
    1609.03552, section 3.1: a network predicts the start that optimisation goes on from.

    Args:
        coordinates: of the generator.
        seed: of its first weights and of the samples.
        shown: samples in all.
        width: channels of the first convolution.

    Raises:
        GansmithError: if there are fewer than two samples to learn from.
    """
    if shown < 2:
        raise GansmithError(f"encoder: shown = {shown} must be at least 2")
    space, device = coordinates.space, coordinates.like.device
    wanted = coordinates.of(space.drawn(shown, DRAWN + seed)).clamp(-FARTHEST, FARTHEST)
    with forked(seed), at_rest(coordinates.network):
        network = Encoder(space.gan.shape, coordinates.size, width).to(device)

        def loss(index: Tensor) -> Tensor:
            u = wanted[index.to(device)]
            with torch.no_grad():
                x = coordinates.pictures(u)
            return mse_loss(network(x), u)

        fit(network, shown, loss, shown, BATCH, RATE)
    network.r2.copy_(_told(network, coordinates))
    return network.requires_grad_(False)


def encoder_of(coordinates: Coordinates, seed: int = 0, shown: int = SHOWN, width: int = 24) -> Encoder:
    """Return what `learn_encoder` makes of a generator: from the cache, by the hash of its weights, or learnt now."""
    found = kept_encoder(coordinates, seed, shown, width)
    if found is None:
        gan = coordinates.space.gan
        log.info("learning to read %s samples of %s, once for this generator …", f"{shown:,}", gan.name)
        found = learn_encoder(coordinates, seed, shown, width)
        remember(found, _place(coordinates, seed, shown, width), {"r2": float(found.r2)}, "encoder")
    return found


def kept_encoder(coordinates: Coordinates, seed: int = 0, shown: int = SHOWN, width: int = 24) -> Encoder | None:
    """Return the encoder of a generator from the cache; None if it has not been learnt."""
    with forked():  # its first weights are nobody's
        network = Encoder(coordinates.space.gan.shape, coordinates.size, width)
    if recall(network, _place(coordinates, seed, shown, width)) is None:
        return None
    return network.to(coordinates.like.device).eval().requires_grad_(False)


def _place(coordinates: Coordinates, seed: int, shown: int, width: int) -> Path:
    gan = coordinates.space.gan
    settings = f"{VERSION}/{fingerprint(gan.generator)}/{coordinates.space.name}/{seed}/{shown}/{width}"
    return cache_folder() / f"encoder-{digest(settings)}.safetensors"


def _told(network: Encoder, coordinates: Coordinates) -> Tensor:
    """Return R² of samples that it has not seen, each coordinate counting as much as it varies."""
    u = coordinates.of(coordinates.space.drawn(HELD_OUT, TOLD))
    with torch.no_grad(), at_rest(network), at_rest(coordinates.network):
        told = torch.cat([network(coordinates.pictures(part)) for part in torch.split(u, BATCH)])
    return explained(told.cpu(), u.cpu()).nanmean()
