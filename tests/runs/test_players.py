"""Games of three players, from recipe to resume: an encoder, and a second discriminator."""

import dataclasses
import shutil

import pytest
import torch

import gansmith
from gansmith.dynamics import Alternating, Extragradient, Simultaneous
from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe, change
from gansmith.records.run_folder import RunFolder
from gansmith.terms import Adversarial, Reconstruction
from gansmith.terms.losses import Wasserstein
from gansmith.training.assemble import assemble

DYNAMICS = {
    "alternating": Alternating(),
    "two leaders": Alternating(n_critic=2, reuse=False, leaders=2),
    "simultaneous": Simultaneous(),
    "extragradient": Extragradient(),
}


def encoding(dynamics, weight=1.0, **changes):
    adam = Adam(2e-3, (0.5, 0.9))
    recipe = Recipe(
        "encoding",
        vectors=MLP(32, 2, 2),
        prior=Prior(2),
        terms=(Adversarial(), Reconstruction(weight)),
        dynamics=dynamics,
        players={"discriminator": adam, "encoder": adam, "generator": adam},
    )
    small = {"data": "ring", "batch": 64, "steps": 300, "checkpoint_every": 150, "evaluate_every": 0, "device": "cpu"}
    return change(recipe, small | changes)


def rivals(dynamics, **changes):
    recipe = encoding(dynamics)
    adam = recipe.players["generator"]
    terms = (Adversarial(), Adversarial(Wasserstein(), against="second"))
    players = {"discriminator": adam, "second": dataclasses.replace(adam, weight_clip=0.1), "generator": adam}
    return change(dataclasses.replace(recipe, terms=terms, players=players), changes)


def error(trainer):
    """Return E‖x − G(E(x))‖² on the data."""
    x = next(trainer.rounds.dataset.batches(1000, 1, 0, torch.device("cpu"))).x
    networks = trainer.game.networks
    with torch.no_grad():
        return float((x - networks["generator"](networks["encoder"](x))).square().sum(1).mean())


def weights(trainer):
    return [p.detach().clone() for player in trainer.game.players.values() for p in player.parameters]


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_an_encoder_learns_to_find_what_the_generator_makes_the_data_from(dynamics):
    trainer = assemble(encoding(DYNAMICS[dynamics]))
    start = error(trainer)
    trainer.run(300)
    assert error(trainer) < start / 5
    assert set(trainer.game.report()) >= {"encoder/reconstruction", "generator/reconstruction", "score/real"}


@pytest.mark.parametrize("dynamics", ["alternating", "simultaneous", "extragradient"])
def test_without_the_encoder_s_term_it_does_not(dynamics):
    """What the test above shows is the term's doing."""
    trainer = assemble(encoding(DYNAMICS[dynamics], weight=0.0))
    start = error(trainer)
    trainer.run(300)
    assert error(trainer) > start / 5
    recipe = encoding(DYNAMICS[dynamics])
    with pytest.raises(gansmith.errors.GansmithError, match="the encoder has nothing to move"):
        assemble(dataclasses.replace(recipe, terms=(Adversarial(),)))


@pytest.mark.parametrize("dynamics", DYNAMICS)
@pytest.mark.parametrize("recipe", [encoding, rivals])
def test_it_is_resumed_bit_for_bit(recipe, dynamics, tmp_path):
    small = {"steps": 8, "checkpoint_every": 4, "batch": 16, "log_every": 2}
    whole = gansmith.train(recipe(DYNAMICS[dynamics], **small), tmp_path / "whole", quiet=True)
    gansmith.train(recipe(DYNAMICS[dynamics], **small | {"steps": 4}), tmp_path / "parts", quiet=True)
    gansmith.resume(tmp_path / "parts", steps=8, quiet=True)
    states = [RunFolder(tmp_path / name).checkpoints().latest()["game"] for name in ("whole", "parts")]
    assert set(states[0]["networks"]) == {"generator", "discriminator", *states[1]["players"]}
    for name, network in states[0]["networks"].items():
        for key, value in network.items():
            assert torch.equal(value, states[1]["networks"][name][key]), (name, key)
    assert whole.sample(3, seed=1).shape == (3, 2)


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_two_discriminators_both_move_and_both_pull_the_generator(dynamics):
    ends = []
    for alone in (False, True):
        recipe = rivals(DYNAMICS[dynamics])
        if alone:  # the second one's pull taken off
            second = dataclasses.replace(recipe.terms[1], generator_scale=0.0)
            recipe = dataclasses.replace(recipe, terms=(recipe.terms[0], second))
        trainer = assemble(recipe)
        before = weights(trainer)
        trainer.run(4)
        ends.append(weights(trainer))
        assert all(not torch.equal(a, b) for a, b in zip(before, ends[-1], strict=True))
        assert max(float(p.detach().abs().max()) for p in trainer.game.players["second"].parameters) <= 0.1 + 1e-6
        assert {"score/real", "score/fake by second", "second/adversarial_second"} <= set(trainer.game.report())
    assert not torch.allclose(ends[0][-1], ends[1][-1])


@pytest.mark.skipif(not shutil.which("g++"), reason="torch's compiler needs a C++ compiler")
@pytest.mark.parametrize("recipe", [encoding, rivals])
@pytest.mark.parametrize("dynamics", ["alternating", "simultaneous", "extragradient"])
def test_compiled_steps_are_the_steps_they_were_recorded_from_and_go_as_far(recipe, dynamics):
    plain, compiled = (
        assemble(recipe(DYNAMICS[dynamics], compile=compile, optimizer="SGD", betas=None, lr=0.02))
        for compile in (False, True)
    )
    started = weights(plain)
    start = error(plain) if recipe is encoding else 0.0
    for trainer in (plain, compiled):
        trainer.run(4)
    for a, b, before in zip(weights(plain), weights(compiled), started, strict=True):
        torch.testing.assert_close(b, a, rtol=1e-4, atol=1e-6)
        assert not torch.equal(b, before)
    if recipe is encoding:
        compiled.run(300)
        assert error(compiled) < start / 5
