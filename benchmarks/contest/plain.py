"""The plain loops that everybody writes first, as tutorials have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from contest.works import Ground, Turn
from gansmith.training.assemble import Pair


def both_weights(pair: Sequence[nn.Module]) -> list[Tensor]:
    """Return the weights of the generator, then those of the discriminator."""
    return [parameter.detach() for network in pair for parameter in network.parameters()]


def adam(ground: Ground, player: str, parameters: Iterable[nn.Parameter]) -> torch.optim.Adam:
    """Return a player's optimiser of the recipe as anybody makes it, without options."""
    how = ground.recipe.players[player]
    return torch.optim.Adam(parameters, lr=how.lr, betas=how.betas or (0.9, 0.999))


class _Plain:
    note = ""
    same = True

    def __init__(self, ground: Ground) -> None:
        self.pair: Pair = ground.pair()
        self.generator, self.discriminator = self.pair
        self.g_optimizer = adam(ground, "generator", self.generator.parameters())
        self.d_optimizer = adam(ground, "discriminator", self.discriminator.parameters())
        self.turns = ground.endless()
        self.losses: list[tuple[float, float]] = []

    def play(self, steps: int) -> None:
        for _ in range(steps):
            self.losses.append(self.step(next(self.turns)))

    def step(self, turn: Turn) -> tuple[float, float]:
        raise NotImplementedError

    def weights(self) -> list[Tensor]:
        return both_weights(self.pair)


class Tutorial(_Plain):
    """The loop of pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html, on logits."""

    criterion = nn.BCEWithLogitsLoss()

    def step(self, turn: Turn) -> tuple[float, float]:
        (x,), (z,) = turn.x, turn.z
        ones, zeros = torch.ones(len(x), device=x.device), torch.zeros(len(x), device=x.device)
        self.discriminator.zero_grad()
        real_loss = self.criterion(self.discriminator(x).logits, ones)
        real_loss.backward()
        fake = self.generator(z)
        fake_loss = self.criterion(self.discriminator(fake.detach()).logits, zeros)
        fake_loss.backward()
        self.d_optimizer.step()
        self.generator.zero_grad()
        loss = self.criterion(self.discriminator(fake).logits, ones)
        loss.backward()
        self.g_optimizer.step()
        return real_loss.item() + fake_loss.item(), loss.item()


class WassersteinGP(_Plain):
    """Algorithm 1 of Gulrajani et al. 2017, arXiv 1704.00028, in the same manner."""

    def step(self, turn: Turn) -> tuple[float, float]:
        for x, z, epsilon in zip(turn.x, turn.z, turn.epsilon, strict=True):
            self.discriminator.zero_grad()
            fake = self.generator(z).detach()
            penalty = 10 * self.penalty(x, fake, epsilon)
            loss = self.discriminator(fake).logits.mean() - self.discriminator(x).logits.mean() + penalty
            loss.backward()
            self.d_optimizer.step()
        self.generator.zero_grad()
        g_loss = -self.discriminator(self.generator(turn.answer)).logits.mean()
        g_loss.backward()
        self.g_optimizer.step()
        return loss.item(), g_loss.item()

    def penalty(self, x: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
        weight = epsilon.reshape(-1, 1, 1, 1)
        between = (weight * x + (1 - weight) * fake).requires_grad_()
        score = self.discriminator(between).logits
        (gradient,) = torch.autograd.grad(score, between, grad_outputs=torch.ones_like(score), create_graph=True)
        excess: Tensor = gradient.flatten(1).norm(2, dim=1) - 1
        return excess.square().mean()


def plain(ground: Ground) -> Tutorial | WassersteinGP:
    """Return the plain loop for a work."""
    return WassersteinGP(ground) if ground.penalised else Tutorial(ground)
