"""Small games of vectors in the plane, with whatever terms."""

import pytest
import torch

from gansmith.conditions import Condition
from gansmith.games.optimizers import SGD
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe, change
from gansmith.terms import Adversarial
from gansmith.training.assemble import build_game

NOTHING, PLAYERS = Condition(), ("discriminator", "generator")


@pytest.fixture
def game_of():
    """Returns a game of some terms, beside the adversarial one unless there is one among them."""

    def build(*terms, condition=NOTHING, networks=None, dtype=torch.float32, players=PLAYERS, **changes):
        terms = terms if any(isinstance(term, Adversarial) for term in terms) else (Adversarial(), *terms)
        recipe = Recipe(
            vectors=MLP(hidden=8, generator_layers=1, discriminator_layers=1),
            prior=Prior(latent=3),
            terms=terms,
            players={name: SGD(0.1) for name in players},
        )
        game = build_game(change(recipe, changes), (2,), torch.device("cpu"), condition, networks)
        for network in game.networks.values():
            network.to(dtype)
        return game

    return build


@pytest.fixture
def round_of():
    """Returns a round of a game, a function of its seed."""

    def build(game, n=16, c=None, seed=0):
        rng = torch.Generator().manual_seed(seed)
        dtype = next(game.networks["generator"].parameters()).dtype
        x, z = (torch.randn(n, numbers, generator=rng, dtype=dtype) for numbers in (2, 3))
        return game.round(x, z, c, rng)

    return build
