"""torchgan 0.1.0 and torch-mimicry 0.1.16: their own trainers' loops, playing our networks.

Both import packages for pictures that have nothing to do with training; empty ones stand in for them. Their generators
draw noise in the middle of a step, where ours hands out the contest's instead.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import io
import sys
from collections.abc import Iterator
from itertools import chain
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from contest.plain import adam, both_weights
from contest.works import Ground, Turn


class _Peer:
    note = ""
    same = True

    def __init__(self, ground: Ground) -> None:
        self.turns = ground.endless()
        self.moves = ground.recipe.dynamics.n_critic
        self.pair = ground.pair()
        self.noise: Iterator[Tensor] = chain.from_iterable(map(_noises, ground.endless()))
        self.batch_size = ground.recipe.training.batch
        self.batches: Iterator[Tensor] = chain.from_iterable(turn.x for turn in self.turns)
        self.label = torch.zeros(self.batch_size, dtype=torch.long)
        self.left = 0

    def __len__(self) -> int:
        return 1000

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the batches of the steps asked for: this is the trainer's data loader."""
        while self.left:
            self.left -= 1
            yield next(self.batches), self.label

    def play(self, steps: int) -> None:
        self.left = steps * self.moves
        with contextlib.redirect_stdout(io.StringIO()):
            self.train(steps)

    def train(self, steps: int) -> None:
        raise NotImplementedError

    def weights(self) -> list[Tensor]:
        return both_weights(self.pair)


def _noises(turn: Turn) -> list[Tensor]:
    return [*turn.z, turn.answer]


class TorchGAN(_Peer):
    """torchgan's Trainer; an epoch is a slice, and what it does between epochs is left out."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        _stand_in("torchvision", "torchvision.utils")
        from torchgan import losses as l
        from torchgan.trainer import Trainer

        generator, discriminator = _torchgan_players(*self.pair, self.noise)
        players = {
            name: {"name": lambda player=player: player, "optimizer": {"name": functools.partial(adam, ground, name)}}
            for name, player in (("generator", generator), ("discriminator", discriminator))
        }
        terms: list[Any] = [l.MinimaxDiscriminatorLoss(), l.MinimaxGeneratorLoss()]
        if ground.penalised:
            self.same = False
            self.note = "another update: its penalty takes one norm over the whole batch, in a step of its own"
            terms = [l.WassersteinDiscriminatorLoss(), l.WassersteinGradientPenalty(), l.WassersteinGeneratorLoss()]
        folder = ground.folder / f"torchgan-{id(self)}"
        self.trainer = Trainer(
            players, terms, device=ground.device, ncritic=self.moves, epochs=1,
            checkpoints=str(folder / "checkpoint"), recon=str(folder / "pictures"),
        )  # fmt: skip
        self.trainer.save_model = self.trainer.eval_ops = self.trainer.logger.run_end_epoch = _nothing

    def train(self, steps: int) -> None:
        self.trainer(self)


class Mimicry(_Peer):
    """torch-mimicry's Trainer; without its pictures and checkpoints, printing every 10 steps."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        _stand_in("torchvision", "torchvision.utils", "skimage", "skimage.io")
        _without_door("torch_mimicry")
        from torch_mimicry.training.trainer import Trainer

        if ground.penalised:
            self.note = "its penalty takes three channels only: mended"
        generator, discriminator = _mimicry_players(*self.pair, ground, self.noise)
        self.trainer = Trainer(
            discriminator, generator,
            adam(ground, "discriminator", discriminator.parameters()),
            adam(ground, "generator", generator.parameters()),
            self, num_steps=1, log_dir=str(ground.folder / f"mimicry-{id(self)}"), n_dis=self.moves,
            device=ground.device, print_steps=10, vis_steps=10**9, save_steps=10**9,
        )  # fmt: skip
        self.played = 0
        self.trainer._restore_models_and_step = lambda: self.played
        self.trainer._save_model_checkpoints = self.trainer.logger.close_writers = _nothing

    def train(self, steps: int) -> None:
        self.trainer.num_steps = self.played + steps
        self.trainer.train()
        self.played += steps


def _torchgan_players(generator: nn.Module, discriminator: nn.Module, noise: Iterator[Tensor]) -> tuple[Any, Any]:
    from torchgan.models import Discriminator, Generator

    class Maker(Generator):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(encoding_dims=1)
            self.network = generator

        def forward(self, z: Tensor) -> Tensor:
            fake: Tensor = self.network(next(noise))
            return fake

    class Judge(Discriminator):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(input_dims=1)
            self.network = discriminator

        def forward(self, x: Tensor) -> Tensor:
            score: Tensor = self.network(x).logits
            return score

    return Maker(), Judge()


def _mimicry_players(
    generator: nn.Module, discriminator: nn.Module, ground: Ground, noise: Iterator[Tensor]
) -> tuple[Any, Any]:
    from torch_mimicry.nets.gan.gan import BaseDiscriminator, BaseGenerator
    from torch_mimicry.nets.wgan_gp.wgan_gp_base import WGANGPBaseDiscriminator

    loss = "wasserstein" if ground.penalised else "gan"
    epsilons = chain.from_iterable(turn.epsilon for turn in ground.endless())

    class Maker(BaseGenerator):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(nz=1, ngf=1, bottom_width=4, loss_type=loss)
            self.network = generator

        def forward(self, z: Tensor) -> Tensor:
            fake: Tensor = self.network(next(noise))
            return fake

    class Judge(WGANGPBaseDiscriminator if ground.penalised else BaseDiscriminator):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(ndf=1, loss_type=loss)
            self.network = discriminator

        def forward(self, x: Tensor) -> Tensor:
            score: Tensor = self.network(x).logits
            return score.unsqueeze(1)

        def compute_gradient_penalty_loss(self, real_images: Tensor, fake_images: Tensor, gp_scale: float) -> Tensor:
            weight = next(epsilons).reshape(-1, 1, 1, 1)
            between = (weight * real_images.detach() + (1 - weight) * fake_images.detach()).requires_grad_(True)
            score = self.forward(between)
            (gradient,) = torch.autograd.grad(score, between, torch.ones_like(score), create_graph=True)
            excess: Tensor = gradient.flatten(1).norm(2, dim=1) - 1
            return excess.square().mean() * gp_scale

    return Maker(), Judge()


def _nothing(*arguments: Any, **options: Any) -> None:
    """Stand in for what a trainer does besides training."""


def _stand_in(*names: str) -> None:
    """Let empty modules of these names be imported where the real ones are not there."""
    for name in names:
        if name not in sys.modules:
            sys.modules[name] = ModuleType(name)
            package, _, part = name.rpartition(".")
            if package:
                setattr(sys.modules[package], part, sys.modules[name])


def _without_door(name: str) -> None:
    """Let modules of a package be imported without its `__init__`, which imports TensorFlow and more."""
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(name)
    if spec is not None:
        package = ModuleType(name)
        package.__path__ = list(spec.submodule_search_locations or [])
        sys.modules[name] = package
