"""What discriminators see samples through."""

import pytest
import torch
from torch import nn

from gansmith.games.augmentations import DiffAugment, InstanceNoise
from gansmith.games.game import learning
from gansmith.recipes.composition import Recipe, change
from gansmith.training.assemble import build_game

CPU = torch.device("cpu")


def round_of(game, n, seed=0):
    rng = torch.Generator().manual_seed(seed)
    return game.round(torch.randn(n, 2, generator=rng), torch.randn(n, 3, generator=rng), rng=rng)


def test_instance_noise_fades_with_the_discriminators_moves():
    """Real and fake are seen through noise of their own, which is the same each time they are looked at."""
    seen = []

    class Watching(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(()))

        def forward(self, x):
            seen.append(x.detach())
            return x[:, 0] * self.weight

    recipe = change(Recipe(augmentations=(InstanceNoise(0.5, until=0.5),)), {"steps": 10, "n_critic": 2})
    game = build_game(recipe, (2,), CPU, networks=(nn.Linear(3, 2), Watching()))
    spreads = {}
    for moves in (0, 5, 10, 15):  # gone at 10: half of 10 steps of 2 moves
        game.players["discriminator"].moves = moves
        turn = round_of(game, 4000)
        seen.clear()
        _ = turn.scores("real"), turn.scores("fake")
        noise = [seen[0] - turn.x.detach(), seen[1] - turn.fake.detach()]
        spreads[moves] = float(noise[0].std())
        assert moves >= 10 or abs(float((noise[0] * noise[1]).mean())) < 0.02
        _ = turn.again().scores("real")
        assert torch.equal(seen[-1], seen[0])
    assert spreads == pytest.approx({0: 0.5, 5: 0.25, 10: 0.0, 15: 0.0}, abs=0.02)


def test_augmented_samples_are_seen_and_generators_learn_through_it():
    recipe = change(Recipe(), {"width": 4, "latent": 3, "optimizer": "SGD"})
    plain = build_game(recipe, (1, 8, 8), CPU)
    costs = []
    for augmentations in ((), (DiffAugment("color,translation,cutout"),)):
        plain.augmentations = augmentations
        x, z = (torch.Generator().manual_seed(seed) for seed in (0, 1))
        turn = plain.round(torch.rand(6, 1, 8, 8, generator=x), torch.randn(6, 3, generator=z))
        costs.append(plain.cost("generator", turn).item())
        with learning(plain, "generator"):
            slopes = plain.players["generator"].gradients(plain.cost("generator", turn))
        assert all(float(g.abs().sum()) > 0 for g in slopes if g is not None)
    assert costs[0] != costs[1]


def test_a_recipes_augmentations_are_its_games():
    recipe = change(Recipe(), {"width": 4, "instance_noise": 0.2, "diff_augment": "cutout"})
    game = build_game(recipe, (1, 8, 8), CPU)
    assert game.augmentations == (InstanceNoise(0.2), DiffAugment("cutout"))


def test_noise_that_has_gone_leaves_the_samples_themselves():
    game = build_game(change(Recipe(), {"steps": 10}), (2,), CPU)
    turn = round_of(game, 8)
    for moves, gone in ((0, False), (4, False), (5, True), (6, True)):
        game.players["discriminator"].moves = moves
        assert (InstanceNoise(0.5, until=0.5).apply(turn.x, turn, "real") is turn.x) == gone


def test_what_needs_images_says_so_and_fails_with_vectors():
    game = build_game(Recipe(), (2,), CPU)
    turn = round_of(game, 8)
    for one in (InstanceNoise(0.5), DiffAugment()):
        try:
            works = one.apply(turn.x, turn, "real").shape == turn.x.shape
        except Exception:  # whatever torch raises
            works = False
        assert works != getattr(one, "needs_images", False)
