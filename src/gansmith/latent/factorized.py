"""Directions of a latent space that are found without labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.space import style_generator
from gansmith.networks.conditional import ConditionalGenerator


class Factors(NamedTuple):
    """Orthonormal directions of the points of a space, strongest first; double precision.

    The largest number of each is positive, so that they are the same wherever they are computed.
    """

    vectors: Tensor
    """(k, d) unit vectors."""
    values: Tensor
    """(k,) singular values σ."""
    share: Tensor
    """(k,) σ² / Σ σ², over all directions there are."""


def closed_form(gan: TrainedGenerator, count: int, layers: Sequence[int] | None = None) -> Factors:
    """Return the directions that change most what a generator's first weights A make of a point: max |A n|², |n| = 1.

    They are the eigenvectors of AᵀA, and σ² = |A n|². With styles, A (outputs, style) are the weights by which w
    becomes gains and shifts, of all layers below each other. Without, A (outputs, latent + size) are those of the
    layer that takes the noise; a condition comes to it through its embedding.

    Shen, Zhou 2021, "Closed-form factorization of latent semantics in GANs" (SeFa), arXiv 2007.06600.

    Args:
        gan: its points are those of `Space(gan)`.
        count: k.
        layers: of the styles, to look at some alone, numbered from 0.

    Raises:
        GansmithError: if there are fewer directions, no such layer, or no linear layer takes the noise.
    """
    style = style_generator(gan.generator)
    if style is None:
        return _strongest(_first_weights(gan), count)
    chosen = range(len(style.styles)) if layers is None else layers
    if not len(chosen) or not all(0 <= i < len(style.styles) for i in chosen):
        raise GansmithError(f"layers {list(chosen)}: there are styles 0 to {len(style.styles) - 1}")
    weights: list[Tensor] = [style.styles[i].affine.weight for i in chosen]  # type: ignore[union-attr, misc]
    return _strongest(torch.cat(weights), count)


def principal_components(points: Tensor, count: int) -> Factors:
    """Return the directions along which points vary most, σ² their variance (divided by N − 1).

    Härkönen, Hertzmann, Lehtinen, Paris 2020, "GANSpace: discovering interpretable GAN controls", arXiv 2004.02546.

    Args:
        points: (N, d), w of many samples.
        count: k.

    Raises:
        GansmithError: if there are fewer directions than that, min(N, d).
    """
    exact = points.double()
    found = _strongest(exact - exact.mean(dim=0), count)
    return found._replace(values=found.values / max(len(points) - 1, 1) ** 0.5)


def _strongest(matrix: Tensor, count: int) -> Factors:
    """Return the first right singular vectors of a matrix (M, d)."""
    most = min(matrix.shape)
    if not 1 <= count <= most:
        raise GansmithError(f"count = {count}: there are 1 to {most} directions")
    with torch.no_grad():
        _, values, vectors = torch.linalg.svd(matrix.cpu().double(), full_matrices=False)
    if not values[0] > 0:
        raise GansmithError("no direction changes anything: all weights or points are the same")
    largest = vectors.gather(1, vectors.abs().argmax(dim=1, keepdim=True))
    share = values.square() / values.square().sum()
    return Factors((vectors * largest.sign())[:count], values[:count], share[:count])


def _first_weights(gan: TrainedGenerator) -> Tensor:
    """Return the matrix (outputs, latent + size) of the first linear layer of a generator of noise."""
    network = gan.generator
    inner = network.generator if isinstance(network, ConditionalGenerator) else network
    first = next((layer for layer in inner.modules() if isinstance(layer, nn.Linear | nn.ConvTranspose2d)), None)
    wide = gan.prior.latent
    if isinstance(network, ConditionalGenerator):
        wide += network.embedding.numbers
    if first is None or (first.in_features if isinstance(first, nn.Linear) else first.in_channels) != wide:
        raise GansmithError(f"{gan.name}: its noise goes into no linear layer: use the principal components of points")
    weights = first.weight if isinstance(first, nn.Linear) else first.weight.flatten(1).T
    if not isinstance(network, ConditionalGenerator) or not isinstance(network.embedding.table, nn.Linear):
        return weights
    of_noise, of_condition = torch.split(weights, [gan.prior.latent, network.embedding.numbers], dim=1)
    return torch.cat([of_noise, of_condition @ network.embedding.table.weight], dim=1)
