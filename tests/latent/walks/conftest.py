"""Directions of generators without training."""

import dataclasses

import pytest
import torch

from gansmith.latent import Response, Space
from gansmith.latent.sliders import Sliders


class Found:
    """Directions of which no more is known than what coordinates are asked for."""

    def __init__(self, gan, names=("a", "b")):
        self.space, self.names = Space(gan), names
        torch.manual_seed(0)
        response = Response(self.space.whitening.rank, len(names)).eval()
        response.scale.fill_(20)
        points = self.space.drawn(500)
        self.sliders = Sliders.of(names, response, self.space.whitening, points)


@pytest.fixture
def with_directions():
    """Gives a generator directions."""

    def give(gan):
        gan = dataclasses.replace(gan)
        vars(gan)["directions"] = Found(gan)
        return gan

    return give
