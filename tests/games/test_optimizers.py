"""How players move: what optimisers take, gradients shortened, and gradients of several minibatches averaged."""

import itertools
import math
import shutil
import weakref

import pytest
import torch

import gansmith
from gansmith.compiling.compiled import Compiled, _phases
from gansmith.dynamics import (
    Accumulated,
    Alternating,
    Extragradient,
    Leading,
    Lookahead,
    Optimistic,
    Simultaneous,
    Unrolled,
)
from gansmith.dynamics.spectrum import update_matrix
from gansmith.errors import GansmithError
from gansmith.games import Player
from gansmith.games.game import Together, shortened
from gansmith.games.optimizers import SGD, Adam, Optimizer, RMSprop
from gansmith.games.toy import Quadratic, bilinear
from gansmith.recipes.composition import Recipe, change
from gansmith.training.assemble import assemble, build_game
from gansmith.training.check import check

CPU = torch.device("cpu")
TINY = {"hidden": 6, "generator_layers": 1, "discriminator_layers": 1, "latent": 3, "steps": 5, "device": "cpu"}
TINY |= {"discriminator_norm": "none", "generator_norm": "none"}
SMALL = {"hidden": 6, "latent": 3, "batch": 8, "device": "cpu", "data": "ring", "steps": 4, "evaluate_every": 0}
DYNAMICS = [
    Alternating(),
    Alternating(n_critic=2, reuse=False),
    Simultaneous(),
    Extragradient(),
    Optimistic(),
    Lookahead(lookahead_steps=2),
]


def named(value):
    return type(value).__name__


def moved(how, gradients, start):
    """Return where some moves along these gradients lead."""
    parameter = torch.nn.Parameter(start.clone())
    player = how.build([parameter], 10)
    for gradient in gradients:
        player.move([gradient.clone()])
    return parameter.detach()


def by_torch(kind, gradients, start, **options):
    parameter = torch.nn.Parameter(start.clone())
    optimizer = kind([parameter], **options)
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
    return parameter.detach()


GRADIENTS = list(torch.randn(6, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64))
START = torch.arange(1.0, 6.0, dtype=torch.float64)


@pytest.mark.parametrize(
    ("how", "kind", "options"),
    [
        (Adam(0.1, eps=0.5), torch.optim.Adam, {"lr": 0.1, "eps": 0.5}),
        (Adam(0.1, weight_decay=0.3), torch.optim.Adam, {"lr": 0.1, "weight_decay": 0.3}),
        (Optimizer("AdamW", 0.1), torch.optim.AdamW, {"lr": 0.1}),
        (Optimizer("AdamW", 0.1, weight_decay=0.0), torch.optim.Adam, {"lr": 0.1}),
        (Optimizer("AdamW", 0.1, weight_decay=0.4), torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.4}),
        (SGD(0.1, weight_decay=0.3), torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.3}),
        (RMSprop(0.1, eps=0.2, weight_decay=0.1), torch.optim.RMSprop, {"lr": 0.1, "eps": 0.2, "weight_decay": 0.1}),
    ],
    ids=str,
)
def test_settings_reach_the_optimiser(how, kind, options):
    mine, theirs = moved(how, GRADIENTS, START), by_torch(kind, GRADIENTS, START, **options)
    torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-12)
    assert (mine - START).abs().max() > 0.1


@pytest.mark.parametrize(
    ("how", "line"),
    [
        (Optimizer("Rprop", weight_decay=0.1), "Rprop takes no weight_decay: use --weight-decay None, or choose"),
        (SGD(eps=1e-8), "SGD takes no eps: use --eps None, or choose another --optimizer"),
        (Optimizer("Adafactor", eps=1e-3), "--optimizer Adafactor: "),  # torch's takes a pair
        (Optimizer("Muon"), "--optimizer Muon: "),  # for matrices alone
    ],
    ids=lambda value: getattr(value, "optimizer", ""),
)
def test_what_an_optimiser_does_not_take_is_said_in_one_line(how, line):
    with pytest.raises(GansmithError, match=line) as caught:
        how.build([torch.nn.Parameter(torch.zeros(3))], 10)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("eps", -1e-8), ("weight_decay", -0.1), ("grad_clip", -1.0)])
def test_ranges(name, value):
    with pytest.raises(GansmithError, match=f"{name} = {value:g} must be at least 0"):
        gansmith.recipe("nsgan", **{name: value})


def test_short_makers_have_the_rates_that_are_usual():
    assert (Adam().lr, SGD().lr, RMSprop().lr) == (2e-4, 0.1, 5e-5)


def test_gradients_are_shortened_together_and_keep_their_direction():
    gradients = [torch.tensor([3.0, 0.0]), None, torch.tensor([[4.0]])]
    short = shortened(gradients, 1.0)
    assert short[1] is None and short[0].tolist() == pytest.approx([0.6, 0.0]) and short[2].item() == pytest.approx(0.8)
    for kept in (5.0, 7.0):
        assert all(a is b or torch.equal(a, b) for a, b in zip(shortened(gradients, kept), gradients, strict=True))
    assert shortened([None], 1.0) == [None]
    assert shortened([torch.zeros(2)], 1.0)[0].tolist() == [0, 0]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_gradient_that_is_not_finite_is_not_hidden(bad):
    (short,) = shortened([torch.tensor([bad, 1.0])], 1.0)
    assert not torch.isfinite(short).all()


def displacements(monkeypatch, dynamics, game, batches, steps=3):
    """Return how far every move of a player went, by player."""
    lengths = {id(player): [] for player in game.players.values()}
    move = Player.move

    def watched(self, gradients):
        before = [p.detach().clone() for p in self.parameters]
        move(self, gradients)
        gone = [(p.detach() - b).flatten() for p, b in zip(self.parameters, before, strict=True)]
        lengths[id(self)].append(float(torch.cat(gone).norm()))

    monkeypatch.setattr(Player, "move", watched)
    for _ in range(steps):
        dynamics.step(game, batches)
    return {name: lengths[id(player)] for name, player in game.players.items()}


@pytest.mark.parametrize("dynamics", [*DYNAMICS, Unrolled(unrolled_steps=2)], ids=named)
def test_no_move_of_any_dynamics_is_longer(dynamics, monkeypatch):
    game = Quadratic([[0.1]], [[3.0]], [[0.1]], x=[2.0], y=[3.0], lr=0.1)
    game.players["x"].grad_clip = 0.5
    lengths = displacements(monkeypatch, dynamics, game, itertools.repeat(None))
    assert lengths["x"] == pytest.approx([0.05] * len(lengths["x"]), rel=1e-9)
    assert min(lengths["y"]) > 0.06  # nobody asked it of y


def test_a_bound_that_is_never_met_changes_no_bit():
    weights = []
    for bound in (0.0, 1e6):
        gan = gansmith.train("nsgan", quiet=True, grad_clip=bound, **SMALL)
        weights.append([p.clone() for p in gan.generator.parameters()])
    assert all(torch.equal(a, b) for a, b in zip(*weights, strict=True))


def test_one_player_alone_is_bounded():
    game = assemble(gansmith.recipe("nsgan", **SMALL, **{"discriminator.grad_clip": 0.2})).game
    assert {name: player.grad_clip for name, player in game.players.items()} == {"discriminator": 0.2, "generator": 0}


@pytest.mark.filterwarnings("ignore:precision = bf16")
def test_half_precision_gradients_are_shortened_in_full():
    recipe = gansmith.recipe("nsgan", **SMALL | {"precision": "bf16", "optimizer": "SGD", "betas": None, "lr": 1.0})
    trainer = assemble(change(recipe, {"grad_clip": 1e-3, "momentum": 0.0}))
    before = {n: [p.detach().clone() for p in q.parameters] for n, q in trainer.game.players.items()}
    trainer.run(1)
    for name, player in trainer.game.players.items():
        gone = [(p.detach() - b).flatten() for p, b in zip(player.parameters, before[name], strict=True)]
        assert float(torch.cat(gone).norm()) == pytest.approx(1e-3, rel=1e-3)


def test_an_update_matrix_is_of_unbounded_moves():
    game = bilinear()
    game.players["y"].grad_clip = 1.0
    with pytest.raises(GansmithError, match="the y does not move by plain gradient descent"):
        update_matrix(Simultaneous(), game, None)


# several minibatches for one move


def make(seed=0, **changes):
    """Return a game without batch statistics, in double precision."""
    recipe = change(Recipe(), TINY | {"seed": seed} | changes)
    game = build_game(recipe, (2,), CPU)
    for network in game.networks.values():
        network.double()
    return game


def rounds(game, parts, whole=8):
    """Yield rounds on the same samples whole, or in parts."""
    for seed in itertools.count():
        rng = torch.Generator().manual_seed(seed)
        x, z = (torch.randn(whole, size, dtype=torch.float64, generator=rng) for size in (2, 3))
        for real, noise in zip(x.chunk(parts), z.chunk(parts), strict=True):
            yield game.round(real, noise)


def play(dynamics, game, parts, steps=3):
    batches = rounds(game, parts)
    return [{n: c.item() for n, c in dynamics.step(game, batches).items()} for _ in range(steps)]


def weights(game):
    return [p.detach() for player in game.players.values() for p in player.parameters]


@pytest.mark.parametrize("parts", [2, 4])
@pytest.mark.parametrize("dynamics", DYNAMICS, ids=named)
def test_parts_of_a_minibatch_are_the_minibatch(dynamics, parts):
    changes = {"r1": 0.5, "lr": 0.05, "optimizer": "SGD", "betas": None, "grad_clip": 0.7}
    whole, parted = make(**changes), make(**changes)
    start = [w.clone() for w in weights(whole)]
    costs = play(dynamics, whole, 1)
    for mine, theirs in zip(play(Accumulated(dynamics, parts), parted, parts), costs, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-9)
    for a, b in zip(weights(parted), weights(whole), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-12)
    assert max((a - b).abs().max() for a, b in zip(start, weights(whole), strict=True)) > 1e-3
    moves = [[player.moves for player in game.players.values()] for game in (whole, parted)]
    assert moves[0] == moves[1]


def test_thirty_two_twice_is_sixty_four():
    """As a whole run, with the samples and the noise of the run of 64."""
    trainers = []
    for batch, accumulate in ((64, 1), (32, 2)):
        recipe = gansmith.recipe("nsgan", **SMALL | {"batch": batch, "accumulate": accumulate, "ema": 0.0})
        trainer = assemble(recipe)
        rng = torch.Generator().manual_seed(1)
        x, z = (torch.randn(4 * 64, size, generator=rng) for size in (2, 3))
        pairs = zip(x.split(batch), z.split(batch), strict=True)
        trainer.rounds = (trainer.game.round(real, noise) for real, noise in pairs)
        trainer.run(4)
        trainers.append(trainer)
    for a, b in zip(*(weights(t.game) for t in trainers), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)


def test_a_run_takes_so_many_minibatches_for_a_step_and_can_be_resumed(tmp_path):
    more = {"accumulate": 3, "steps": 6, "checkpoint_every": 2, "log_every": 2, "schedule": "constant"}
    whole = gansmith.train("nsgan", tmp_path / "whole", quiet=True, **SMALL | more)
    gansmith.train("nsgan", tmp_path / "broken", quiet=True, **SMALL | more | {"steps": 4})
    resumed = gansmith.resume(tmp_path / "broken", steps=6, quiet=True)
    assert torch.equal(whole.sample(4), resumed.sample(4))
    assert torch.load(tmp_path / "whole/checkpoints/step-00000006.pt")["rounds"]["position"] == 18


def test_one_part_at_a_time_takes_up_memory():
    game, seen = make(), []
    batch = Together(list(itertools.islice(rounds(game, 4), 4)))
    for part in batch:
        game.cost("discriminator", part)
        seen.append(weakref.ref(part))
        assert [ref() is not None for ref in seen] == [False] * (len(seen) - 1) + [True]
    assert not any(one._kept for one in batch.batches)


@pytest.mark.parametrize("changes", [{"dynamics": "unrolled"}, {"consensus": 0.5}])
def test_dynamics_whose_moves_are_no_means_refuse(changes):
    """The length of a mean gradient is not the mean length; looking ahead along parts is not along the whole."""
    with pytest.raises(GansmithError, match=r"accumulate = 2: .* plays one minibatch at a time: use --accumulate 1"):
        check(gansmith.recipe("nsgan", accumulate=2, **changes))


def test_dynamics_of_ones_own_say_whether_they_take_several():
    class Own(Simultaneous):
        accumulates = False

    with pytest.raises(GansmithError, match="accumulate = 2: own plays one minibatch at a time"):
        check(gansmith.recipe("nsgan", accumulate=2, dynamics=Own()))
    check(gansmith.recipe("nsgan", accumulate=2, dynamics=Lookahead(inner=Extragradient())))
    with pytest.raises(GansmithError, match="accumulate = 2: lookahead plays one"):
        check(gansmith.recipe("nsgan", accumulate=2, dynamics=Lookahead(inner=Unrolled())))


def test_turns_of_the_leader_are_recorded_once_with_their_minibatches_together():
    phases = _phases(Accumulated(Alternating(n_critic=3), 2))
    leading = Accumulated(Leading(), 2)
    assert phases == [leading, leading, Accumulated(Alternating(n_critic=1), 2)]


@pytest.mark.skipif(not shutil.which("g++"), reason="torch's compiler needs a C++ compiler")
def test_compiled_steps_shorten_and_average_too():
    changes = {"grad_clip": 0.05, "weight_decay": 0.1, "eps": 1e-3, "lr": 0.01}
    plain, compiled = make(**changes), make(**changes)
    played = Accumulated(Simultaneous(), 2)
    costs, others = play(played, plain, 2, steps=4), play(Compiled(played), compiled, 2, steps=4)
    for a, b in zip(costs, others, strict=True):
        assert b == pytest.approx(a, rel=1e-6)
    for a, b in zip(weights(plain), weights(compiled), strict=True):
        torch.testing.assert_close(b, a, rtol=1e-6, atol=1e-8)
    free = make(**changes | {"grad_clip": 0.0})
    play(played, free, 2, steps=4)
    assert max((a - b).abs().max() for a, b in zip(weights(free), weights(plain), strict=True)) > 1e-5


@pytest.mark.parametrize(("device", "fused"), [("cpu", True), ("meta", None)])
def test_steps_are_fused_where_torch_can(device, fused):
    """All at once instead of one weight after the other: in a fraction of the time."""
    weights = [torch.nn.Parameter(torch.zeros(3, device=name)) for name in ("cpu", device)]
    for how in (Adam(), SGD(), Optimizer("AdamW")):
        assert how.build(weights, 10).optimizer.defaults["fused"] is fused
    assert "fused" not in RMSprop().build(weights, 10).optimizer.defaults
