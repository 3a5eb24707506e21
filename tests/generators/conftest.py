"""Generators of every kind, without training."""

import pytest
import torch

from gansmith.generators import Prior, TrainedGenerator, Vocabulary
from gansmith.generators.vocabulary import layout
from gansmith.networks import DCGAN, MLP, Conditioning, InfoGAN
from gansmith.networks.build import build_generator

IMAGE = (1, 8, 8)
LABELS = Vocabulary(("ant", "bee", "fox"), (0.6, 0.3, 0.1))
ATTRIBUTES = Vocabulary(attributes=("young", "smiling"), rows=((0.0, 1.0), (0.5, 0.25), (1.0, 0.0)))
CODES = Prior(5, categorical_codes=2, categories=3, continuous_codes=2)
KINDS = {
    "vectors": (MLP(8), (2,), Prior(3), Conditioning(), Vocabulary()),
    "uniform": (MLP(8), IMAGE, Prior(3, "uniform", 2.0), Conditioning(), Vocabulary()),
    "images": (DCGAN(4), IMAGE, Prior(5), Conditioning(), LABELS),
    "labels": (DCGAN(4), IMAGE, Prior(5), Conditioning("labels", conditional_norm=True), LABELS),
    "attributes": (DCGAN(4), IMAGE, Prior(5), Conditioning("attributes"), ATTRIBUTES),
    "codes": (InfoGAN(4, 8), IMAGE, CODES, Conditioning(), Vocabulary()),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def untrained():
    """Makes a generator of a kind."""
    return _untrained


def _untrained(kind, seed=0, **changes):
    """Return a generator whose batch norm has seen something, so that its statistics count, and its family."""
    family, shape, prior, conditioning, words = KINDS[kind]
    condition = layout(conditioning, prior, words)
    torch.manual_seed(seed)
    network = build_generator(family, prior.latent, shape, condition, conditioning)
    for parameter in network.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    for _ in range(3):
        network(*(torch.randn(16, size) for size in (prior.latent, condition.size) if size))
    made_by = {"name": "test", "step": 7}
    parts = {"shape": shape, "prior": prior, "conditioning": conditioning, "vocabulary": words, "made_by": made_by}
    return TrainedGenerator(network.eval(), **parts | changes), family
