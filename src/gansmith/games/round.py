"""A round: one minibatch of play, with every shared forward pass computed once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.games.game import Player
from gansmith.games.minibatch import Minibatch
from gansmith.networks.output import DiscriminatorOutput


class Augmentation(Protocol):
    """A change of all samples before a discriminator sees them; differentiable, and random by name."""

    def apply(self, x: Tensor, batch: Round, kind: str) -> Tensor:
        """Return x as it is seen; `kind` tells real samples from fakes and others."""
        ...


class Played(Protocol):
    """What a round is played in: networks, who moves them, and what discriminators see through."""

    @property
    def networks(self) -> Mapping[str, nn.Module]: ...

    @property
    def players(self) -> Mapping[str, Player]: ...

    @property
    def terms(self) -> Mapping[str, Any]: ...

    @property
    def samples(self) -> Mapping[str, Callable[[Round], Tensor]]: ...

    @property
    def condition(self) -> Condition: ...

    @property
    def conditional_discriminators(self) -> frozenset[str]: ...

    @property
    def joint(self) -> frozenset[str]: ...

    @property
    def augmentations(self) -> Sequence[Augmentation]: ...

    @property
    def horizon(self) -> int: ...

    def stamp(self, networks: frozenset[str]) -> tuple[Any, ...]: ...


class _Kept(NamedTuple):
    value: Any
    networks: frozenset[str]  # that it was computed with
    stamp: tuple[Any, ...]  # of these, when it was


class Round:
    """A minibatch of play, and what the networks make of it.

    Terms read from a round and never call a network that it has called already. `run` is the only door to a network, so
    that a round sees by itself which networks a value came from; the value stays valid until one of them moves, then
    the next reader computes it again. A reader in a turn in which the generator learns gets fakes with a graph even if
    an earlier, discriminator's turn made them without.

    Args:
        game: the networks and who moves them.
        minibatch: the random numbers.
    """

    def __init__(self, game: Played, minibatch: Minibatch) -> None:
        self.game = game
        self.minibatch = minibatch
        self.x = minibatch.x.detach().requires_grad_()  # a leaf, so that penalties can differentiate D at the data
        self.z = minibatch.z
        self.c = minibatch.c
        self.notes: dict[str, Tensor] = {}
        self._kept: dict[str, _Kept] = {}
        self._using: list[set[str]] = []

    # what everything else is computed with

    def run(self, network: str, *inputs: Any) -> Any:
        """Call a network."""
        for using in self._using:
            using.add(network)
        return self.game.networks[network](*inputs)

    def once(self, key: str, compute: Callable[[], Any]) -> Any:
        """Return what `compute` returned last, unless one of the networks that it ran has moved since."""
        kept = self._kept.get(key)
        if kept is None or kept.stamp != self.game.stamp(kept.networks):
            self._using.append(set())
            try:
                value = compute()
            finally:
                networks = frozenset(self._using.pop())
            kept = self._keep(key, value, networks)
        for using in self._using:
            using |= kept.networks
        return kept.value

    def _keep(self, key: str, value: Any, networks: frozenset[str]) -> _Kept:
        kept = self._kept[key] = _Kept(value, networks, self.game.stamp(networks))
        return kept

    # what terms read

    def sample(self, kind: str) -> Tensor:
        """Return samples of a kind: "real", "fake", or one that a term brings.

        Those that are made are differentiable: in the parameters they were made with, or at least in themselves.
        """
        if kind == "real":
            return self.x
        if kind not in self.game.samples:
            raise GansmithError(f"no term makes samples of the kind {kind}: there are {', '.join(self.game.samples)}")

        def make() -> Tensor:
            made = self.game.samples[kind](self).to(self.z.dtype)  # whatever precision they were made in
            return made if made.requires_grad else made.detach().requires_grad_()

        return self.once(kind, make)  # type: ignore[no-any-return]

    @property
    def fake(self) -> Tensor:
        """G(z), or G(z, c), shape of x."""
        return self.sample("fake")

    def generate(self, z: Tensor) -> Tensor:
        """Return G at other latents, with this round's conditions."""
        made: Tensor = self.run("generator", z) if self.c is None else self.run("generator", z, self.c)
        return made

    def output(self, kind: str, by: str = "discriminator") -> DiscriminatorOutput:
        """Return what a discriminator says of samples of a kind; of real ones and fakes in one pass where it may."""
        if kind == "real" and by in self.game.joint:
            return self.once(f"real by {by}", lambda: self._both(by))  # type: ignore[no-any-return]
        return self.once(f"{kind} by {by}", lambda: self.judge(self._seen(kind), by))  # type: ignore[no-any-return]

    def scores(self, kind: str, by: str = "discriminator") -> Tensor:
        """Return a discriminator's logits of samples of a kind, (N,), or one for every pack; higher = more real."""
        return self.output(kind, by).logits

    def features(self, kind: str, by: str = "discriminator") -> Tensor:
        """Return a discriminator's features of samples of a kind, (N, F)."""
        features = self.output(kind, by).features
        if features is None:
            raise GansmithError(f"features are asked for: the {by} must return DiscriminatorOutput(logits, features)")
        return features

    def judge(self, x: Tensor, by: str = "discriminator", given: Tensor | None = None) -> DiscriminatorOutput:
        """Let a discriminator judge any samples, anew; one that takes conditions gets this round's."""
        discriminator = self.game.networks[by]
        conditions = self.given if given is None else given
        inputs = (x, conditions) if by in self.game.conditional_discriminators else (x,)
        returned = self.run(by, *inputs)
        output = returned if isinstance(returned, DiscriminatorOutput) else DiscriminatorOutput(returned)
        scores = len(x) // getattr(discriminator, "pack", 1)
        if output.logits.numel() != scores:
            raise GansmithError(
                f"the {by} returned scores of shape {tuple(output.logits.shape)} for {len(x)} samples: "
                "return one score per sample, shape (N,) or (N, 1)"
            )
        return output._replace(logits=output.logits.reshape(scores).to(x.dtype))

    def score(self, x: Tensor) -> Tensor:
        """Return the discriminator's logits (N,) at any samples, computed anew."""
        return self.judge(x).logits

    @property
    def given(self) -> Tensor | None:
        """The part of the condition that comes with the data, (N, condition.given)."""
        return None if self.c is None else self.c[:, : self.game.condition.given]

    def uniform(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """Return U[0, 1) numbers, the same each time the same name asks."""
        return self.minibatch.draw(name, torch.rand, shape)

    def normal(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """Return N(0, 1) numbers, the same each time the same name asks."""
        return self.minibatch.draw(name, torch.randn, shape)

    def moves(self, player: str) -> int:
        """Return how often a player has moved."""
        return self.game.players[player].moves

    def note(self, name: str, value: Tensor) -> None:
        """Tell the journal a number, or numbers whose mean it shall have. This is the only door to it."""
        self.notes[name] = value.detach()

    def again(self) -> Round:
        """Return a round on the same minibatch, with nothing computed yet."""
        return Round(self.game, self.minibatch)

    def _both(self, by: str) -> DiscriminatorOutput:
        """Return D(x), and keep D(G(z)) from the same pass, which takes less time than two."""
        seen = torch.cat([self._seen("real"), self._seen("fake")])
        given = None if self.given is None else self.given.repeat(2, 1)
        score, features = self.judge(seen, by, given)
        halves = zip(score.chunk(2), (None, None) if features is None else features.chunk(2), strict=True)
        real, fake = (DiscriminatorOutput(*half) for half in halves)
        self._keep(f"fake by {by}", fake, frozenset(self._using[-1]))
        return real

    def _seen(self, kind: str) -> Tensor:
        x = self.sample(kind)
        for augmentation in self.game.augmentations:
            x = augmentation.apply(x, self, kind)
        return x
