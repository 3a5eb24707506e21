"""JAX and optax: the whole step compiled, called once a step or scanned over many.

Same networks, losses and Adam; batch norm keeps no running statistics, and nobody reads the losses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import optax
import torch
from jax import lax
from jax import numpy as jnp
from torch import Tensor

from contest.jax_networks import Array, Chain
from contest.works import Ground, Skipped, Turn
from gansmith.networks import MLP, ResNet

State = Any
softplus = jax.nn.softplus


class Loop:
    """A JAX side."""

    same = True
    note = ""

    def __init__(self, ground: Ground, scan: bool) -> None:
        if scan and len(ground.dataset.shape) == 3 and not isinstance(ground.recipe.network, MLP):
            raise Skipped("XLA's convolutions inside a scan are some ten times slower than those outside")
        if isinstance(ground.recipe.network, ResNet):
            raise Skipped("residual networks are not written out for it")
        if ground.dataset.shape[-1] >= 64:
            raise Skipped("XLA's convolutions in float64, which the check needs, take minutes")
        if ground.device.type == "cuda" and jax.default_backend() == "cpu":
            raise Skipped("this JAX has no GPU")
        self.double = torch.get_default_dtype() == torch.float64
        generator, discriminator = ground.initial
        self.generator = Chain(list(generator.body))  # type: ignore[arg-type]
        self.discriminator = Chain([*discriminator.features, discriminator.head])  # type: ignore[list-item, misc]
        how = [ground.recipe.players[player] for player in ("generator", "discriminator")]
        adams = [optax.adam(one.lr, *(one.betas or (0.9, 0.999))) for one in how]
        players = (self.generator, self.discriminator)
        with jax.enable_x64(self.double):
            weights = tuple(player.weights() for player in players)
            self.state: State = weights, tuple(a.init(w) for a, w in zip(adams, weights, strict=True))
            self.turns = jax.tree.map(lambda *leaves: jnp.stack(leaves), *map(_to_jax, ground.turns))
        self.count = len(ground.turns)
        self.scan = scan
        self.played = 0
        take = _wasserstein if ground.penalised else _nonsaturating
        step = partial(_pick, partial(take, players, adams), self.turns, self.count)
        self.one = jax.jit(step, donate_argnums=0)
        self.many = jax.jit(partial(_scan, step), static_argnums=2, donate_argnums=0)

    def play(self, steps: int) -> None:
        with jax.enable_x64(self.double):
            if self.scan:
                self.state, _ = self.many(self.state, self.played, steps)
            else:
                for i in range(self.played, self.played + steps):
                    self.state, _ = self.one(self.state, i)
            jax.block_until_ready(self.state)
        self.played += steps

    def weights(self) -> list[Tensor]:
        generator, discriminator = self.state[0]
        return self.generator.back(generator) + self.discriminator.back(discriminator)


def _to_jax(turn: Turn) -> Turn:
    def convert(x: Tensor) -> Array:
        if x.dim() == 4:
            x = x.permute(0, 2, 3, 1)
        return jnp.asarray(x.contiguous().cpu().numpy())

    x, z, epsilon = ([convert(tensor) for tensor in part] for part in turn[:3])
    return Turn(x, z, epsilon, convert(turn.answer))


def _pick(take: Callable[..., Any], turns: Any, count: int, state: State, i: Array) -> tuple[State, Array]:
    return take(state, jax.tree.map(lambda leaf: leaf[i % count], turns))  # type: ignore[no-any-return]


def _scan(step: Callable[..., Any], state: State, start: Array, steps: int) -> tuple[State, Array]:
    return lax.scan(step, state, start + jnp.arange(steps))  # type: ignore[no-any-return]


def _descend(adam: Any, gradient: Any, weights: Any, moments: Any) -> tuple[Any, Any]:
    updates, moments = adam.update(gradient, moments, weights)
    return optax.apply_updates(weights, updates), moments


def _score(discriminator: Chain, weights: Any, x: Array) -> Array:
    return discriminator(weights, x).reshape(-1)


def _nonsaturating(players: Any, adams: Any, state: State, turn: Turn) -> tuple[State, Array]:
    (generator, discriminator), (g_adam, d_adam) = players, adams
    (g, d), (g_moments, d_moments) = state
    fake, pull = jax.vjp(lambda w: generator(w, turn.z[0]), g)
    fake = fake.reshape(turn.x[0].shape)

    def d_cost(w: Any) -> Array:
        real_cost = softplus(-_score(discriminator, w, turn.x[0])).mean()
        return real_cost + softplus(_score(discriminator, w, fake)).mean()

    cost, gradient = jax.value_and_grad(d_cost)(d)
    d, d_moments = _descend(d_adam, gradient, d, d_moments)
    slope = jax.grad(lambda x: softplus(-_score(discriminator, d, x)).mean())(fake)
    (g_gradient,) = pull(slope.reshape(jax.eval_shape(generator, g, turn.z[0]).shape))
    g, g_moments = _descend(g_adam, g_gradient, g, g_moments)
    return ((g, d), (g_moments, d_moments)), cost


def _wasserstein(players: Any, adams: Any, state: State, turn: Turn) -> tuple[State, Array]:
    (generator, discriminator), (g_adam, d_adam) = players, adams
    (g, d), (g_moments, d_moments) = state
    for x, z, epsilon in zip(turn.x, turn.z, turn.epsilon, strict=True):
        fake = generator(g, z)
        weight = epsilon.reshape(-1, 1, 1, 1)
        between = weight * x + (1 - weight) * fake

        def d_cost(w: Any, x: Array = x, fake: Array = fake, between: Array = between) -> Array:
            slope = jax.grad(lambda points: _score(discriminator, w, points).sum())(between)
            norm = jnp.sqrt((slope.reshape(len(slope), -1) ** 2).sum(1))
            gap = _score(discriminator, w, fake).mean() - _score(discriminator, w, x).mean()
            return gap + 10 * ((norm - 1) ** 2).mean()

        cost, gradient = jax.value_and_grad(d_cost)(d)
        d, d_moments = _descend(d_adam, gradient, d, d_moments)
    g_gradient = jax.grad(lambda w: -_score(discriminator, d, generator(w, turn.answer)).mean())(g)
    g, g_moments = _descend(g_adam, g_gradient, g, g_moments)
    return ((g, d), (g_moments, d_moments)), cost
