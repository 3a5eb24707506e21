"""The one-page examples and the library's recipes play the same game, number for number.

Everything runs in float64, so that the two may write a formula differently (logsigmoid or softplus, fused or plain
Adam, another memory layout) and still have to agree to the last digits. In these few steps every network moves some
weight by 1e-4 or more: ten thousand million times the tolerance.
"""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gansmith import recipe
from gansmith.data.dataset import Dataset
from gansmith.data.digits import digits
from gansmith.data.images import Resident, to_range
from gansmith.data.toys import ring
from gansmith.recipes.composition import Recipe
from gansmith.training.assemble import Pair, build_game, build_networks
from gansmith.training.rounds import Rounds

STEPS = 3
CPU = torch.device("cpu")
SMALL = {"latent": 4, "hidden": 16, "batch": 16}


class Scores(nn.Module):
    """A library discriminator as the examples know one: samples in, scores out."""

    def __init__(self, discriminator: nn.Module) -> None:
        super().__init__()
        self.discriminator = discriminator

    def forward(self, x: Tensor) -> Tensor:
        score: Tensor = self.discriminator(x).logits
        return score


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def example(name: str) -> ModuleType:
    path = Path(__file__).parents[2] / "examples" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"example_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def data(name: str) -> Dataset:
    if name == "ring":
        return ring()
    pictures = digits()  # bytes become float32, so these are turned into numbers here
    return Resident(to_range(pictures.samples).double(), None, [], "digits in float64")


def played_by_library(plan: Recipe, dataset: Dataset, pair: Pair) -> Pair:
    game = build_game(plan, tuple(dataset.shape), CPU, networks=copy.deepcopy(pair))
    rounds = Rounds(game, dataset, plan.prior, plan.training.batch, plan.training.seed, CPU)
    for _ in range(STEPS):
        plan.dynamics.step(game, rounds)
    return game.networks["generator"], game.networks["discriminator"]


def recorded(plan: Recipe, dataset: Dataset, pair: Pair) -> dict[str, Callable[[], Tensor]]:
    """Return the numbers that the library's players see, in the order in which an example asks for them."""
    game = build_game(plan, tuple(dataset.shape), CPU, networks=copy.deepcopy(pair))
    rounds = Rounds(game, dataset, plan.prior, plan.training.batch, 0, CPU)
    x: list[Tensor] = []
    z: list[Tensor] = []
    epsilon: list[Tensor] = []
    for _ in range(STEPS):
        for _ in range(plan.dynamics.n_critic):
            turn = next(rounds)
            x.append(turn.x.detach())
            z.append(turn.z)
            epsilon.append(turn.uniform("epsilon", (plan.training.batch,)))
        z.append(next(rounds).z)  # the generator's turn: of a fresh round it needs the noise alone
    sources = {"real": x, "noise": z, "mixing": epsilon}
    return {name: iter(values).__next__ for name, values in sources.items()}


def vanilla(plan: Recipe, pair: Pair, draws: dict[str, Callable[[], Tensor]]) -> None:
    generator, discriminator = pair
    g_optimizer = torch.optim.SGD(generator.parameters(), lr=0.2, momentum=0.5)
    d_optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.02, momentum=0.5)
    step, k = example("algorithm1").step, plan.dynamics.n_critic
    for _ in range(STEPS):
        step(generator, Scores(discriminator), g_optimizer, d_optimizer, draws["real"], draws["noise"], k)


def wgan(plan: Recipe, pair: Pair, draws: dict[str, Callable[[], Tensor]]) -> None:
    generator, critic = pair
    g_optimizer = torch.optim.RMSprop(generator.parameters(), lr=5e-5)
    c_optimizer = torch.optim.RMSprop(critic.parameters(), lr=5e-5)
    step = example("wgan").step
    for _ in range(STEPS):
        step(generator, Scores(critic), g_optimizer, c_optimizer, draws["real"], draws["noise"])


def wgan_gp(plan: Recipe, pair: Pair, draws: dict[str, Callable[[], Tensor]]) -> None:
    generator, critic = pair
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-4, betas=(0.0, 0.9))
    c_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-4, betas=(0.0, 0.9))
    step = example("wgan_gp").step
    for _ in range(STEPS):
        step(generator, Scores(critic), g_optimizer, c_optimizer, draws["real"], draws["noise"], draws["mixing"])


@pytest.mark.parametrize("on", ["ring", "digits"])
@pytest.mark.parametrize(
    ("name", "play", "changes"),
    [
        ("vanilla", vanilla, {}),
        ("vanilla", vanilla, {"n_critic": 2}),  # k = 2
        ("wgan", wgan, {"width": 4}),
        ("wgan-gp", wgan_gp, {"width": 4}),
    ],
)
def test_an_example_and_its_recipe_end_with_the_same_weights(
    name: str, play: Callable[..., None], changes: dict[str, Any], on: str
) -> None:
    plan, dataset = recipe(name, **SMALL, **changes), data(on)
    built = build_networks(plan, tuple(dataset.shape))
    initial = built["generator"], built["discriminator"]
    ours = played_by_library(plan, dataset, initial)
    theirs = copy.deepcopy(initial)
    play(plan, theirs, recorded(plan, dataset, initial))

    for before, library, page in zip(initial, ours, theirs, strict=True):
        states = [network.state_dict() for network in (before, library, page)]
        for key in states[0]:  # weights and, in convolutional networks, the statistics that batch norm has seen
            torch.testing.assert_close(states[1][key], states[2][key], rtol=1e-12, atol=1e-14, msg=key)
        moved = [(p - q).abs().max() for p, q in zip(before.parameters(), page.parameters(), strict=True)]
        assert max(moved) > 1e-4


@pytest.mark.parametrize("name", ["algorithm1", "wgan", "wgan_gp"])
def test_an_example_runs_and_explains_every_number_it_prints(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    example(name).main(steps=2)
    *words, header, row = capsys.readouterr().out.strip().splitlines()
    columns = header.split()
    assert columns[0] == "step" and len(row.split()) == len(columns)
    explained = [line.split()[0] for line in words if line.strip()]
    assert all(column in explained for column in columns[1:])
