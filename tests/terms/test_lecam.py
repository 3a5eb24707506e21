"""LeCam holds scores to moving averages, which are part of the game's state; drift holds them near 0."""

import shutil

import pytest
import torch

import gansmith
from gansmith.objectives import losses, penalties
from gansmith.terms.losses import RelativisticAverage
from gansmith.training.assemble import assemble

SMALL = {"data": "ring", "hidden": 8, "batch": 16, "evaluate_every": 0, "device": "cpu"}


def game_of(**changes):
    trainer = assemble(gansmith.recipe("nsgan", **SMALL | changes))
    return trainer.game, trainer.rounds


def test_lecam_is_its_plain_function_at_the_means_so_far():
    game, rounds = game_of(lecam=0.7, **{"lecam.average_decay": 0.6})
    term, memory = game.terms["lecam"], game.networks["lecam"]
    means, expected = [], torch.zeros(2)
    for turn in range(4):
        batch = next(rounds)
        share = term.costs["discriminator"](batch)
        real, fake = batch.scores("real"), batch.scores("fake")
        means.append(torch.stack([real.mean(), fake.mean()]).detach())
        # plain means until 1/n falls below 1 − β
        expected = torch.lerp(expected, means[-1], max(1 / (turn + 1), 0.4)) if turn else means[0]
        torch.testing.assert_close(torch.stack([memory.real, memory.fake]), expected)
        plain = penalties.lecam(real, fake, *expected)
        assert share.item() == pytest.approx(0.7 * plain.item(), rel=1e-5)
    assert {"real", "fake", "count"} == set(game.state_dict()["networks"]["lecam"])


def test_drift_is_its_plain_function():
    game, rounds = game_of(drift=0.5)
    batch = next(rounds)
    expected = 0.5 * batch.scores("real").square().mean()
    assert game.terms["drift"].costs["discriminator"](batch).item() == pytest.approx(expected.item())


def test_the_average_relativistic_loss_compares_with_the_other_side_s_mean():
    real, fake = torch.tensor([1.0, -1.0, 3.0]), torch.tensor([0.5, 2.0, -4.0])
    terms = [torch.log1p(torch.exp(-(real - fake.mean()))), torch.log1p(torch.exp(fake - real.mean()))]
    loss = RelativisticAverage()
    torch.testing.assert_close(loss.discriminator(real, fake), terms[0].mean() + terms[1].mean())
    torch.testing.assert_close(loss.generator(real, fake), losses.relativistic_average_discriminator(fake, real))
    shifted = loss.generator(real + 7, fake + 7)  # only differences count
    torch.testing.assert_close(shifted, loss.generator(real, fake))


@pytest.mark.skipif(not shutil.which("g++"), reason="torch's compiler needs a C++ compiler")
def test_averages_move_in_compiled_steps_too():
    ends = []
    for compiled in (False, True):
        recipe = gansmith.recipe("lecam", **SMALL, compile=compiled, optimizer="SGD", betas=None, lr=0.05)
        trainer = assemble(recipe)
        trainer.run(5)
        ends.append(trainer.game.networks["lecam"].state_dict())
    assert float(ends[0]["count"]) == 10 and float(ends[0]["real"]) != 0
    for name, value in ends[0].items():
        torch.testing.assert_close(ends[1][name], value, rtol=1e-4, atol=1e-6)
