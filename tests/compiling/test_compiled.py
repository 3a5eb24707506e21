"""A compiled step is the step it was recorded from, with the same random numbers, and a run of them can be resumed."""

import copy
import itertools
import shutil

import pytest
import torch
from torch import nn
from torch.utils._pytree import tree_leaves

import gansmith
from gansmith.compiling.compiled import Compiled
from gansmith.dynamics import Alternating, Extragradient, Simultaneous
from gansmith.errors import GansmithError
from gansmith.recipes.composition import Recipe, change
from gansmith.training.assemble import assemble, build_game, build_networks

pytestmark = pytest.mark.skipif(not shutil.which("g++"), reason="torch's compiler needs a C++ compiler")
CPU = torch.device("cpu")
TINY = {"hidden": 6, "generator_layers": 1, "discriminator_layers": 1, "latent": 3, "steps": 5}


def doubled(recipe):
    return {name: network.double() for name, network in build_networks(recipe, (2,)).items()}


def make(**changes):
    recipe = change(Recipe(), TINY | changes)
    return build_game(recipe, (2,), CPU, networks=doubled(recipe))


def rounds(game, n=4):
    for seed in itertools.count():
        rng = torch.Generator().manual_seed(seed)
        x, z = (torch.randn(n, size, dtype=torch.float64, generator=rng) for size in (2, 3))
        yield game.round(x, z, rng=rng)


def play(dynamics, game, steps=4):
    batches, costs = rounds(game), []
    for _ in range(steps):
        costs.append({name: cost.item() for name, cost in dynamics.step(game, batches).items()})
        for player in game.players.values():
            if player.schedule:
                player.schedule.step()
    return costs


@pytest.mark.parametrize(
    ("dynamics", "changes"),
    [
        (Alternating(reuse=True), {"schedule": "cosine", "betas": (0.5, 0.9), "lr_generator": 0.01}),
        (
            Alternating(n_critic=3, reuse=False),
            {"loss": "wasserstein", "gradient_penalty": 10.0, "optimizer": "RMSprop", "clip": 0.3},
        ),
        (Simultaneous(), {"r1": 1.0, "label_noise": 0.3, "optimizer": "SGD", "momentum": 0.5, "schedule": "linear"}),
        (Extragradient(), {"optimizer": "Adam", "lr_generator": 0.01}),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, dict) else "",
)
def test_it_is_the_step_it_was_recorded_from(dynamics, changes):
    plain, compiled = make(**changes), make(**changes)
    started = copy.deepcopy(plain.networks["generator"].state_dict())
    graph = Compiled(dynamics)
    for costs, others in zip(play(dynamics, plain), play(graph, compiled), strict=True):
        assert others == pytest.approx(costs, rel=1e-6)  # Adam counts steps, and what follows from them, in float32
    assert len(graph._records) == (
        2 if dynamics == Alternating(n_critic=3, reuse=False) else 1
    )  # a leader's turns are all alike
    for a, b in zip(tree_leaves(plain.state_dict()), tree_leaves(compiled.state_dict()), strict=True):
        if isinstance(a, torch.Tensor):
            torch.testing.assert_close(b, a, rtol=1e-6, atol=1e-8)
        else:
            assert a == b  # moves, and what the schedules count
    assert any(
        (started[name] - value).abs().max() > 1e-5
        for name, value in compiled.networks["generator"].state_dict().items()
    )
    told, also = plain.report(), compiled.report()
    assert list(told) == list(also)
    assert {k: float(v) for k, v in also.items()} == pytest.approx({k: float(v) for k, v in told.items()}, rel=1e-6)


def test_batch_statistics_and_codes_pass_through():
    """The network that reads codes has a batch norm, and its bound is told to the journal."""
    game = {}
    for compiled in (False, True):
        recipe = gansmith.recipe(
            "nsgan", data="ring", **TINY, batch=16, categorical_codes=1, compile=compiled, optimizer="SGD", betas=None
        )
        trainer = assemble(recipe)
        trainer.run(5)
        game[compiled] = trainer.game
    plain, compiled = (dict(g.networks["recognition"].named_buffers()) for g in game.values())
    assert int(plain["body.1.num_batches_tracked"]) == int(compiled["body.1.num_batches_tracked"]) == 10
    torch.testing.assert_close(compiled["body.1.running_mean"], plain["body.1.running_mean"], rtol=1e-3, atol=1e-5)
    told, also = (float(g.report()["information/c1"]) for g in game.values())
    assert also == pytest.approx(told, abs=1e-4) and told != 0


@pytest.mark.parametrize("changes", [{}, {"precision": "bf16"}], ids=["fp32", "bf16"])
@pytest.mark.filterwarnings("ignore:precision = bf16")
def test_convolutions_in_place_and_differentiated_twice(tmp_path, changes):
    weights = []
    for compiled in (False, True):
        small = {"image_size": 8, "width": 4, "latent": 3, "batch": 8, "n_critic": 2, "steps": 3, "evaluate_every": 0}
        recipe = gansmith.recipe("wgan-gp", **small, **changes, compile=compiled, ema=0.0)
        run = gansmith.train(recipe, tmp_path / str(compiled), quiet=True)
        weights.append([p.detach() for p in run.generator.parameters()])
    started = [p.detach() for p in build_networks(recipe, (1, 8, 8))["generator"].parameters()]
    for plain, other, start in zip(*weights, started, strict=True):
        moved = (plain - start).abs().max()
        assert (other - plain).abs().mean() < 0.05 * moved  # Adam's first steps have the sign of tiny gradients


def test_a_compiled_run_is_resumed_bit_for_bit(tmp_path):
    more = {"compile": True, "schedule": "constant", "checkpoint_every": 2, "evaluate_every": 0}
    recipe = gansmith.recipe("nsgan", data="ring", **TINY, batch=16, **more)
    whole = gansmith.train(recipe, tmp_path / "whole", quiet=True)
    short = change(recipe, {"steps": 2})
    gansmith.train(short, tmp_path / "parts", quiet=True)
    parts = gansmith.resume(tmp_path / "parts", steps=5, quiet=True)
    for a, b in zip(whole.generator.parameters(), parts.generator.parameters(), strict=True):
        assert torch.equal(a, b)


def test_optimisers_that_count_unevenly_are_refused_by_name():
    game = make()
    batches = rounds(game)
    dynamics = Compiled(Alternating())
    dynamics.step(game, batches)
    next(iter(game.players["generator"].optimizer.state.values()))["step"] += 1
    with pytest.raises(GansmithError, match="some of the generator's parameters have moved more often than others"):
        dynamics.step(game, batches)


def test_what_cannot_be_recorded_is_said_in_one_line():
    class Undecided(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 2)

        def forward(self, z):
            return self.layer(z) if float(z.sum()) > 0 else -self.layer(z)

    recipe = change(Recipe(), TINY)
    networks = doubled(recipe) | {"generator": Undecided().double()}
    with pytest.raises(
        GansmithError, match=r"^compile = True: this step cannot be compiled here \(.*\): leave it out$"
    ):
        play(Compiled(Alternating()), build_game(recipe, (2,), CPU, networks=networks), steps=2)
