"""A run owns its randomness: nothing outside decides it, and it decides nothing outside."""
# ruff: noqa: NPY002 - the global streams are what this is about

import random
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn

import gansmith
from gansmith.data.memory import from_memory
from gansmith.errors import GansmithError
from gansmith.metrics.evaluation import Evaluator
from gansmith.records.journal import read_journal
from gansmith.streams import forked, random_state, seed_everything, set_random_state
from gansmith.training.assemble import assemble

POINTS = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
SMALL = {"latent": 2, "batch": 8, "hidden": 4, "device": "cpu", "schedule": "constant"}


def draw():
    """Return numbers of every global generator; one normal number, so that the other of its pair is kept."""
    return torch.rand(2).tolist(), np.random.rand(2).tolist(), np.random.randn(), random.random(), random.gauss(0, 1)


def program(seed):
    """Bring the program's streams somewhere."""
    torch.manual_seed(seed), np.random.seed(seed), random.seed(seed)
    return draw()


class Noisy(nn.Module):
    """A generator that draws from all global generators."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, z):
        return self.layer(z) + 0.1 * torch.randn_like(z) + 0.1 * np.random.randn() + 0.1 * random.gauss(0, 1)


def pair():
    """Return networks that draw, with the same weights each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        return Noisy(), nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Dropout(0.5), nn.Linear(8, 1))


def noisy_run(steps=6, out=None, callbacks=(), **more):
    return gansmith.train(
        "nsgan", out, pair(), quiet=True, data=POINTS, callbacks=callbacks, steps=steps, **SMALL | more
    )


def weights(gan):
    return torch.cat([p.flatten() for p in [*gan.generator.parameters(), *gan.discriminator.parameters()]])


def features(x):
    """Features that draw."""
    return x @ torch.randn(2, 3) + np.random.rand()


def spread(real, fake):
    """A metric that draws."""
    return float(fake.std()) + random.random()


def test_random_state_brings_back_every_generator():
    seed_everything(3)
    noise = np.random.standard_normal
    torch.randn(2), random.gauss(0, 1), noise()  # gauss keeps a spare number: it must come back too
    state = random_state()

    def draw():
        return torch.rand(3).tolist(), noise(3).tolist(), [random.gauss(0, 1) for _ in range(3)]

    first = draw()
    assert draw() != first
    set_random_state(state)
    assert draw() == first


@pytest.fixture
def mine(monkeypatch):
    """This module by a name that a recipe can hold."""
    monkeypatch.setitem(sys.modules, "mine", sys.modules[__name__])
    return {"features": "mine:features", "metrics": ("mine:spread",), "evaluate_every": 2, "evaluate_samples": 70}


def training(tmp_path, mine):
    return noisy_run


def training_into_a_folder(tmp_path, mine):
    return lambda: noisy_run(out=tmp_path / "new", **mine)


def resuming_and_loading(tmp_path, mine):
    gansmith.train("nsgan", tmp_path / "run", data="ring", steps=2, quiet=True, **SMALL | mine)

    def do():
        gansmith.resume(tmp_path / "run", steps=4, quiet=True, trust=True)
        gansmith.load(tmp_path / "run", trust=True).sample(3)
        gansmith.load(tmp_path / "run", trust=True).discriminator  # noqa: B018 - it is built when asked for

    return do


def sampling(tmp_path, mine):
    gan = noisy_run()
    return lambda: [gan.sample(300), gan.picture(4)]


def a_loop_of_one_s_own(tmp_path, mine):
    networks = pair()

    def do():
        trainer = assemble(gansmith.recipe("nsgan", **SMALL), POINTS, networks)
        trainer.load_state_dict(trainer.state_dict())
        trainer.step()
        trainer.run(3)

    return do


def measuring(tmp_path, mine):
    data = from_memory(POINTS, None, gansmith.recipe("nsgan").source, int)
    return lambda: Evaluator(data, features, metrics=("mine:spread",)).evaluate(POINTS[:30])


DOINGS = [training, training_into_a_folder, resuming_and_loading, sampling, a_loop_of_one_s_own, measuring]


@pytest.mark.parametrize("doing", DOINGS, ids=lambda doing: doing.__name__)
def test_the_program_s_streams_go_on_as_if_nothing_had_been_between(doing, tmp_path, mine):
    do = doing(tmp_path, mine)
    program(1)
    without = [draw(), draw()]
    program(1)
    do()
    assert [draw(), draw()] == without


def test_a_random_search_in_a_plain_loop_draws_other_values_each_time():
    random.seed(0)
    drawn = []
    for _ in range(3):
        drawn.append(10 ** random.uniform(-4, -2))
        gansmith.train("nsgan", data=POINTS, steps=1, quiet=True, lr=drawn[-1], **SMALL)
    assert len(set(drawn)) == 3


def test_networks_that_draw_depend_on_the_seed_alone():
    """Not on the program's streams, and not on the loop's form; but on the seed."""
    recipe = gansmith.recipe("nsgan", steps=6, **SMALL)
    found = []
    for seed in (1, 2):
        program(seed)
        found.append(weights(noisy_run()))
        trainer = assemble(recipe, POINTS, pair())
        for _ in trainer.steps():
            draw()
        found.append(torch.cat([p.flatten() for net in trainer.game.networks.values() for p in net.parameters()]))
    assert all(torch.equal(found[0], weights) for weights in (found[0], found[2])) and torch.equal(found[1], found[3])
    raw = weights(noisy_run(ema=0.0))
    assert torch.equal(raw, found[1])  # a run and a loop
    assert not torch.equal(raw, weights(noisy_run(ema=0.0, seed=1)))


def test_measuring_pictures_and_checkpoints_change_no_weights(tmp_path, mine):
    plain = noisy_run(steps=102)  # pictures are drawn at step 100
    watched = noisy_run(steps=102, out=tmp_path / "run", **mine | {"evaluate_every": 7}, checkpoint_every=5)
    assert torch.equal(weights(plain), weights(watched))


def test_measured_figures_do_not_depend_on_the_program(tmp_path, mine):
    figures = []
    for seed in (1, 2):
        program(seed)
        noisy_run(out=tmp_path / str(seed), **mine)
        entries = read_journal(tmp_path / str(seed) / "journal.jsonl")
        figures.append([(e["fid"], e["spread"]) for e in entries if "fid" in e])
    assert figures[0] == figures[1] and len(set(figures[0])) == 3


def test_samples_of_a_network_that_draws_repeat():
    gan = noisy_run()
    first = gan.sample(300, seed=3)
    draw()
    assert torch.equal(gan.sample(300, seed=3), first)
    assert not torch.equal(gan.sample(300, seed=4), first)
    noise = first - gan.generator.layer(gan.latents(300, 3).z)
    assert not torch.equal(noise[:44], noise[256:])  # each piece draws its own


@dataclass
class Drawing:
    """A callback that draws, in `due` too."""

    drawn: list

    def due(self, step, last):
        return random.random() < 2

    def __call__(self, moment):
        self.drawn.append(draw())


def test_a_callback_draws_from_the_program_s_streams_and_changes_no_weights():
    plain = noisy_run()
    drawing = Drawing([])
    program(1)
    watched = noisy_run(callbacks=[drawing])
    after = draw()
    program(1)
    expected = []
    for _ in range(6):
        random.random()
        expected.append(draw())
    assert torch.equal(weights(plain), weights(watched))
    assert drawing.drawn == expected and after == draw()


def test_a_callback_that_fails_leaves_both_streams_right():
    class Failing:
        every = 2

        def __call__(self, moment):
            draw()
            raise ValueError("no")

    program(1)
    expected = [draw(), draw()]
    program(1)
    with pytest.warns(UserWarning, match="left out"):
        watched = noisy_run(callbacks=[Failing()])
    assert draw() == expected[1]
    assert torch.equal(weights(watched), weights(noisy_run()))


def test_a_run_that_ends_in_an_error_gives_the_streams_back():
    class Ending:
        every = 2

        def __call__(self, moment):
            raise GansmithError("enough")

    program(1)
    expected = draw()
    program(1)
    with pytest.raises(GansmithError, match="enough"):
        noisy_run(callbacks=[Ending()])
    assert draw() == expected


def test_a_run_inside_a_callback_of_another_changes_neither():
    class Inner:
        every = 3
        found = ()

        def __call__(self, moment):
            self.found = (*self.found, weights(noisy_run(steps=2)))
            assert moment.generator.sample(2).shape == (2, 2)

    inner = Inner()
    outer = noisy_run(callbacks=[inner])
    assert torch.equal(weights(outer), weights(noisy_run()))
    assert len(inner.found) == 2 and all(torch.equal(one, weights(noisy_run(steps=2))) for one in inner.found)


def test_a_resumed_run_of_networks_that_draw_is_the_whole_one(tmp_path):
    whole = noisy_run(steps=9)
    noisy_run(steps=4, out=tmp_path / "run")
    program(7)
    resumed = gansmith.resume(tmp_path / "run", 9, pair(), quiet=True, data=POINTS)
    assert torch.equal(weights(whole), weights(resumed))


@dataclass(frozen=True)
class Family:
    """Networks of a user's own whose weights come from numpy and Python."""

    def generator(self, inputs, shape):
        layer = nn.Linear(inputs, shape[0])
        layer.weight.data.copy_(torch.from_numpy(np.random.randn(shape[0], inputs)))
        layer.bias.data.fill_(random.gauss(0, 1))
        return layer

    def discriminator(self, shape, minibatch="none"):
        return nn.Linear(shape[0], 1)


def test_networks_built_from_a_family_of_one_s_own_are_seeded():
    found = []
    for seed in (1, 2):
        program(seed)
        found.append(
            weights(
                gansmith.train(
                    "nsgan",
                    data=POINTS,
                    steps=1,
                    quiet=True,
                    vectors=Family(),
                    **{name: value for name, value in SMALL.items() if name != "hidden"},
                )
            )
        )
    assert torch.equal(*found)


def test_importing_draws_nothing():
    """Rich, which shows the progress, draws a number when it is imported."""
    code = "import random; random.seed(1); a = random.getstate(); import gansmith; gansmith.train, gansmith.sweep; "
    code += "assert random.getstate() == a"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_fork_within_a_fork_gives_back_what_it_found():
    program(1)
    expected = [draw(), draw()]
    program(1)
    with forked(3):
        seeded = draw()
        with forked(3):
            assert draw() == seeded
        between = draw()
    assert between != seeded
    with forked(3):
        assert [draw(), draw()] == [seeded, between]
    assert [draw(), draw()] == expected
