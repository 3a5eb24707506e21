"""Reconstruction: the squared error of an autoencoder whose decoder is the generator."""

import pytest
import torch

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.games.game import descend
from gansmith.objectives.reconstruction import squared_error
from gansmith.terms import Adversarial, Reconstruction
from gansmith.terms.losses import NonSaturating

PLAYERS = ("discriminator", "generator", "encoder")


def gradients(game, player, of, batch):
    """Return the gradient of a term's cost for a player in the parameters of another."""
    cost = game.terms["reconstruction"].costs[player](batch)
    return torch.autograd.grad(cost, game.players[of].parameters, allow_unused=True, retain_graph=True)


@pytest.mark.parametrize("condition", [Condition(), Condition(labels=2)])
def test_it_is_the_plain_error_of_what_the_generator_makes_of_the_encoders_latents(condition, game_of, round_of):
    game = game_of(Reconstruction(2.0, generator_share=0.25), players=PLAYERS, condition=condition, dtype=torch.float64)
    c = condition.join(torch.arange(16) % 2, None, torch.empty(16, 0)).double() if condition.size else None
    batch = round_of(game, c=c)
    latents = game.networks["encoder"](batch.x)
    assert latents.shape == (16, 3)
    again = game.networks["generator"](latents) if c is None else game.networks["generator"](latents, c)
    error = squared_error(batch.x, again).item()
    costs = game.terms["reconstruction"].costs
    assert costs["encoder"](batch).item() == pytest.approx(2 * error, rel=1e-12)
    assert costs["generator"](batch).item() == pytest.approx(0.5 * error, rel=1e-12)
    assert set(costs) == {"encoder", "generator"}
    game.cost("encoder", batch)
    assert float(game.report()["reconstruction/error"]) == pytest.approx(error, rel=1e-12)


def test_encoder_and_generator_get_gradients_and_the_discriminator_none(game_of, round_of):
    game = game_of(Reconstruction(), players=PLAYERS)
    batch = round_of(game)
    for player in ("encoder", "generator"):
        for of in ("encoder", "generator"):
            assert all(float(g.abs().max()) > 0 for g in gradients(game, player, of, batch))
        assert all(g is None for g in gradients(game, player, "discriminator", batch))
    assert "reconstruction" not in game.costs["discriminator"]


def test_each_player_moves_its_own_network_alone(game_of, round_of):
    game = game_of(Reconstruction(), players=PLAYERS)
    for player in PLAYERS:
        before = {name: [p.clone() for p in m.parameters()] for name, m in game.networks.items()}
        descend(game, player, round_of(game))
        changed = {
            name for name, m in game.networks.items()
            if any(not torch.equal(a, b) for a, b in zip(before[name], m.parameters(), strict=True))
        }  # fmt: skip
        assert changed == {player}


def test_the_generator_may_be_left_to_the_discriminator(game_of):
    game = game_of(Reconstruction(generator_share=0.0), players=PLAYERS)
    assert set(game.costs["generator"]) == {"adversarial"} and set(game.costs["encoder"]) == {"reconstruction"}


def test_an_encoder_without_an_optimiser_is_told(game_of):
    with pytest.raises(GansmithError, match="the encoder is moved by the encoder, who is no player"):
        game_of(Reconstruction())


def test_reconstructions_may_be_fakes_too(game_of, round_of):
    """The discriminator tells both kinds from real ones, at the mean of the two costs."""
    game = game_of(Adversarial(fakes=("fake", "reconstruction")), Reconstruction(), players=PLAYERS)
    batch = round_of(game)
    judge, generate = game.networks["discriminator"], game.networks["generator"]
    again = generate(game.networks["encoder"](batch.x))
    scores = [judge(x).logits for x in (batch.x, generate(batch.z), again)]
    expected = sum(NonSaturating().discriminator(scores[0], fake) for fake in scores[1:]) / 2
    torch.testing.assert_close(game.cost("discriminator", batch), expected)
    with pytest.raises(GansmithError, match="no term makes samples of the kind reconstruction: there are fake"):
        round_of(game_of()).sample("reconstruction")
