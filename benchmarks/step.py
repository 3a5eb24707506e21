"""What a training step costs: the dcgan recipe against the plain loop of PyTorch's DCGAN tutorial.

    python benchmarks/step.py --slices 20

Both train the same networks from the same weights on the same digits, 32x32 and gray, width 32, minibatches of 64.
They take turns, a slice of a few steps each, so that whatever else the machine does slows both alike. gansmith's side
is everything that `gansmith train` does at each step, averaged generator and journal included; the tutorial's side is
its loop as published, fed from memory like gansmith's. A faster step is worth nothing if it is a different step: both
are first fed the same numbers and must end with the same weights.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import torch
from torch import Tensor, nn

from gansmith import dynamics, recipe
from gansmith.data.digits import digits
from gansmith.data.images import Resident, to_range
from gansmith.runs.assemble import Pair, build_game, build_networks
from gansmith.training.ema import EMA
from gansmith.training.journal import Journal
from gansmith.training.rounds import Rounds
from gansmith.training.trainer import Trainer
from gansmith.training.watchers import Logger

PLAN = recipe("dcgan", width=32, batch=64)
SLICE = 10  # steps: long enough for the clock, short enough for both sides to meet the same disturbances


class Tutorial:
    """The loop of pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html, on logits."""

    def __init__(self, pair: Pair) -> None:
        self.generator, self.discriminator = pair
        self.criterion = nn.BCEWithLogitsLoss()
        self.g_optimizer = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.d_optimizer = torch.optim.Adam(self.discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.losses: list[tuple[float, float]] = []

    def step(self, x: Tensor, z: Tensor) -> None:
        ones, zeros = torch.ones(len(x)), torch.zeros(len(x))
        self.discriminator.zero_grad()
        real_loss = self.criterion(self.discriminator(x).score, ones)
        real_loss.backward()
        fake = self.generator(z)
        fake_loss = self.criterion(self.discriminator(fake.detach()).score, zeros)
        fake_loss.backward()
        self.d_optimizer.step()
        self.generator.zero_grad()
        loss = self.criterion(self.discriminator(fake).score, ones)
        loss.backward()
        self.g_optimizer.step()
        self.losses.append((real_loss.item() + fake_loss.item(), loss.item()))


def sides(data: Resident, journal: Journal) -> tuple[Callable[[int], None], Callable[[int], None], list[Pair]]:
    """Return how the tutorial and gansmith play n steps on the same numbers, and the initial and their two pairs."""
    device, seed = torch.device("cpu"), PLAN.budget.seed
    initial = build_networks(PLAN.networks, data.shape, seed)
    game, tutorial = build_game(PLAN, copy.deepcopy(initial), device), Tutorial(copy.deepcopy(initial))
    theirs, ours = (Rounds(game, data, PLAN.networks, PLAN.budget.batch, seed, device) for _ in range(2))
    watchers = [Logger(journal, PLAN.budget.log_every)]
    trainer = Trainer(game, dynamics.build(PLAN.play), ours, EMA(game.generator, PLAN.budget.ema), watchers)

    def play_tutorial(steps: int) -> None:
        for _ in range(steps):
            turn = next(theirs)
            tutorial.step(turn.x.detach(), turn.z)

    def play_gansmith(steps: int) -> None:
        trainer.run(trainer.step + steps)

    plain = (tutorial.generator, tutorial.discriminator)
    return play_tutorial, play_gansmith, [initial, plain, (game.generator, game.discriminator)]


def distance(one: Pair, other: Pair) -> float:
    """Return the largest difference between two weights in the same place."""
    networks = zip(one, other, strict=True)
    twins = (pair for a, b in networks for pair in zip(a.parameters(), b.parameters(), strict=True))
    return max(float((p - q).detach().abs().max()) for p, q in twins)


def check(journal: Journal, steps: int = 5, tolerance: float = 1e-8) -> None:
    """Make sure that both sides take the same steps.

    In float64: in float32, rounding now and then flips a ReLU, and with it the sign of some small gradients, and an
    early step of Adam is as long as the learning rate whatever the gradient's size.
    """
    torch.set_default_dtype(torch.float64)
    data = Resident(to_range(digits(32).samples).double(), None, [], "digits in float64")
    play_tutorial, play_gansmith, (initial, plain, ours) = sides(data, journal)
    play_tutorial(steps)
    play_gansmith(steps)
    torch.set_default_dtype(torch.float32)
    apart, moved = distance(plain, ours), distance(plain, initial)
    print(f"weights after {steps} steps on the same numbers: {apart:.0e} apart, {moved:.0e} from where they began")
    if not apart < tolerance < moved:
        raise SystemExit(f"these are not the same steps: the weights should have moved, and agree to {tolerance:g}")


def measure(journal: Journal, slices: int) -> None:
    """Print milliseconds per step of both sides, median and range over slices."""
    *plays, _ = sides(digits(32), journal)
    turns = [[timed(play) for play in plays] for _ in range(1 + slices)]
    plain, ours = zip(*turns[1:], strict=True)  # the first turn warms up
    print(f"{slices} slices of {SLICE} steps each, torch {torch.__version__}, {torch.get_num_threads()} threads")
    print(f"{'median (min-max)':18}{'ms per step':>24}{'time / tutorial':>24}")
    for name, side in (("tutorial", plain), ("gansmith", ours)):
        ratios = [mine / theirs for mine, theirs in zip(side, plain, strict=True)]
        print(f"{name:18}{spread(side, 1):>24}{spread(ratios, 2):>24}")


def timed(play: Callable[[int], None]) -> float:
    start = time.perf_counter()
    play(SLICE)
    return (time.perf_counter() - start) * 1000 / SLICE


def spread(values: Sequence[float], places: int) -> str:
    low, middle, high = (f"{pick(values):.{places}f}" for pick in (min, statistics.median, max))
    return f"{middle} ({low}-{high})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slices", type=int, default=20, help="turns that each side takes (default: 20)")
    slices: int = parser.parse_args().slices
    with tempfile.TemporaryDirectory() as folder, closing(Journal(Path(folder) / "journal.jsonl")) as journal:
        check(journal)
        measure(journal, slices)
