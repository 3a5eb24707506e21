"""A second discriminator on what a network sees that has learnt to read the data."""

import copy

import numpy as np
import pytest
import torch

import gansmith
from gansmith.errors import GansmithError
from gansmith.games.game import descend
from gansmith.latent import lesson_of, predictor_of
from gansmith.networks.projected import ProjectedDiscriminator
from gansmith.recipes.composition import Recipe, change
from gansmith.training import reading
from gansmith.training.assemble import assemble, build_game

CPU = torch.device("cpu")
SMALL = {"data": "digits", "network": "mlp", "hidden": 8, "latent": 3, "batch": 6, "steps": 4, "evaluate_every": 0}


@pytest.fixture(autouse=True)
def _a_short_lesson(monkeypatch):
    monkeypatch.setattr(reading, "SHOWN", 4000)


def game_of(**changes):
    return build_game(change(Recipe(), {**SMALL, "projected": 1.0, **changes}), (1, 16, 16), CPU)


def round_of(game, n=6):
    rng = torch.Generator().manual_seed(0)
    return game.round(torch.rand(n, 1, 16, 16, generator=rng) * 2 - 1, torch.randn(n, 3, generator=rng), None, rng)


@pytest.mark.parametrize("loss", ["nonsaturating", "relativistic", "hinge"])
@pytest.mark.parametrize(("weight", "gamma"), [(1.0, 0.0), (2.0, 3.0)])
def test_it_is_the_loss_of_scores_of_features_and_slopes_at_these(loss, weight, gamma):
    game = game_of(loss=loss, projected=weight, **{"projected.penalty": gamma})
    turn, network, term = round_of(game), game.networks["projected"], game.terms["projected"]
    seen = [network.reader(x).detach().requires_grad_() for x in (turn.x, turn.fake)]
    scores = [network.critic(f).logits for f in seen]
    slopes = [torch.autograd.grad(s.sum(), f, retain_graph=True)[0] for s, f in zip(scores, seen, strict=True)]
    slope_cost = sum(gamma / 2 * slope.square().sum(1).mean() for slope in slopes)
    own = game.terms["adversarial"].loss
    expected = weight * (own.discriminator(*scores) + slope_cost), weight * own.generator(*scores)
    for found, cost in zip((term.discriminator(turn), term.generator(turn)), expected, strict=True):
        assert found.item() == pytest.approx(cost.item(), rel=1e-5)


def test_the_critic_moves_with_the_discriminator_and_the_reader_never():
    game = game_of()
    network = game.networks["projected"].train()
    assert not network.reader.training and network.critic.training
    before = copy.deepcopy(network.state_dict())
    for player in ("generator", "discriminator"):
        descend(game, player, round_of(game))
        changed = {name for name, tensor in network.state_dict().items() if not torch.equal(tensor, before[name])}
        assert changed == (set() if player == "generator" else {n for n in before if n.startswith("critic.")})


def test_the_generator_learns_through_the_reader():
    game = game_of()
    turn = round_of(game)
    (slope,) = torch.autograd.grad(game.terms["projected"].generator(turn), game.networks["generator"].body[-2].bias)
    assert slope.abs().sum() > 0


def test_its_features_are_those_of_a_predictor_of_the_data():
    trainer = assemble(change(Recipe(), {**SMALL, "projected": 1.0}))
    network = trainer.game.networks["projected"]
    assert isinstance(network, ProjectedDiscriminator) and network.feature_count == 256
    data = trainer.rounds.dataset
    predictor = predictor_of(lesson_of(data), shown=reading.SHOWN)
    x = next(data.batches(5, 0, 0, CPU)).x
    assert torch.equal(network(x).features, predictor.body[:-1](x))
    assert torch.equal(predictor.body[-1](network.reader(x)).argmax(1), predictor(x).argmax(1))


def test_a_resumed_run_is_the_same_and_learns_to_read_nothing_anew(tmp_path, monkeypatch):
    settings = {**SMALL, "projected": 1.0, "checkpoint_every": 2, "quiet": True}
    gansmith.train("dcgan", out=tmp_path / "whole", **settings)
    gansmith.train("dcgan", out=tmp_path / "parts", **{**settings, "steps": 2})
    monkeypatch.setattr(reading, "predictor_of", None)
    gansmith.resume(tmp_path / "parts", steps=4, quiet=True)
    whole, parts = (gansmith.load(tmp_path / name) for name in ("whole", "parts"))
    assert torch.equal(whole.sample(4, seed=0), parts.sample(4, seed=0))


def test_without_anything_known_it_is_refused(tmp_path):
    unknown = np.zeros((40, 1, 16, 16), np.float32)
    with pytest.raises(GansmithError, match=r"projected needs labels or attributes.*--projected 0"):
        gansmith.train("dcgan", data=unknown, projected=1, steps=1, quiet=True, out=tmp_path / "run")
    with pytest.raises(GansmithError, match=r"projected reads images.*--projected 0"):
        gansmith.train("nsgan", data="ring", projected=1, steps=1, quiet=True, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_that_reads_the_labels_is_not_told_that_it_makes_no_use_of_them(tmp_path, capsys):
    for given, told in ((0.0, True), (1.0, False)):
        gansmith.train("dcgan", out=tmp_path / str(given), **{**SMALL, "projected": given, "steps": 1})
        assert ("makes no use of the labels" in capsys.readouterr().err) == told
