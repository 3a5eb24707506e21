"""Generators without training, whose latent spaces are of every kind."""

import pytest
import torch
from torch import nn

from gansmith.data.scale import Scale
from gansmith.generators import Prior, TrainedGenerator, Vocabulary
from gansmith.generators.vocabulary import layout
from gansmith.networks import DCGAN, MLP, Conditioning, Style
from gansmith.networks.build import build_generator

IMAGE = (3, 8, 8)
STYLE = Style(width=4, style=6, mapping_layers=2, noise_inputs=True)
LABELS = Vocabulary(("ant", "bee", "fox"), (0.6, 0.3, 0.1))
ATTRIBUTES = Vocabulary(attributes=("young", "smiling"), rows=((0.0, 1.0), (0.5, 0.25), (1.0, 0.0)))
KINDS = {
    "vectors": (MLP(8), (2,), Prior(3), Conditioning(), Vocabulary()),
    "images": (DCGAN(4), IMAGE, Prior(5), Conditioning(), LABELS),
    "labels": (DCGAN(4), IMAGE, Prior(5), Conditioning("labels", embedding=4, conditional_norm=True), LABELS),
    "attributes": (DCGAN(4), IMAGE, Prior(5), Conditioning("attributes"), ATTRIBUTES),
    "styles": (STYLE, IMAGE, Prior(5), Conditioning(), Vocabulary()),
    "styles of attributes": (STYLE, IMAGE, Prior(5), Conditioning("attributes", embedding=3), ATTRIBUTES),
}
SIZES = {"vectors": 3, "images": 5, "labels": 8, "attributes": 7, "styles": 6, "styles of attributes": 6}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="session")
def untrained():
    """Makes a generator of a kind."""

    def make(kind):
        family, shape, prior, conditioning, words = KINDS[kind]
        condition = layout(conditioning, prior, words)
        torch.manual_seed(0)
        network = build_generator(family, prior.latent, shape, condition, conditioning)
        for parameter in network.parameters():
            parameter.data += 0.3 * torch.randn_like(parameter)
        for _ in range(3):  # batch norm and the mean of w have seen something
            network(*(torch.randn(16, size) for size in (prior.latent, condition.size) if size))
        scale = Scale((5.0, -3.0), (2.0, 0.5)) if shape == (2,) else None
        parts = {"shape": shape, "prior": prior, "conditioning": conditioning, "vocabulary": words, "scale": scale}
        return TrainedGenerator(network.eval(), **parts)

    return make


class Linear(nn.Module):
    """Logits A u + b."""

    def __init__(self, matrix, shift):
        super().__init__()
        self.matrix, self.shift = matrix, shift

    def forward(self, u):
        return u @ self.matrix.T + self.shift


class Curved(nn.Module):
    """Three logits whose gradients turn as u goes."""

    def forward(self, u):
        x, y, z = u[:, 0], u[:, 1], u[:, 2]
        return torch.stack([x + 0.3 * y, y + 0.1 * x * x, z + 0.8 * torch.sin(x)], dim=1)


@pytest.fixture
def linear():
    """Logits of 5 attributes, linear in u of 12 dimensions, each tied to the others."""
    rng = torch.Generator().manual_seed(1)
    return Linear(torch.randn(5, 12, generator=rng) + 0.5, torch.randn(5, generator=rng))


@pytest.fixture
def curved():
    return Curved()
