"""A round: one minibatch of play, with every shared forward pass computed once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.games.game import Player
from gansmith.networks.judgement import Judgement


class View(Protocol):
    """A change of all samples before the discriminator sees them; differentiable, and random by name."""

    def __call__(self, x: Tensor, round: Round, which: str) -> Tensor:
        """Return x as it is seen; `which` tells real samples from fakes."""
        ...


class Table(Protocol):
    """What a round is played at: the networks, who moves them, and what the discriminator sees through."""

    generator: nn.Module
    discriminator: nn.Module
    heads: Mapping[str, nn.Module]
    players: Mapping[str, Player]
    condition: Condition
    told: bool
    views: Sequence[View]


class Round:
    """All the randomness that a cost sees, and what the two networks make of it.

    Terms read from a round and never call a network that it has called already. What was computed stays valid until
    the player it came from moves; then the next reader computes it again. A reader in a turn in which the generator
    learns gets fakes with a graph even if an earlier, discriminator's turn made them without.

    Args:
        table: the networks and who moves them.
        x: (N, ...) real samples.
        z: (N, latent) noise.
        c: (N, table.condition.size), what holds for x and is asked of G(z, c), or None; codes hold for the fakes alone.
        rng: where further random numbers (a penalty's mixing weights, say) come from.
    """

    def __init__(
        self, table: Table, x: Tensor, z: Tensor, c: Tensor | None = None, rng: torch.Generator | None = None
    ) -> None:
        self.table = table
        self.players = table.players
        self.x = x.detach().requires_grad_()  # a leaf, so that penalties can differentiate D at the data
        self.z = z
        self.c = c
        self.rng = rng
        self._drawn: dict[str, Tensor] = {}
        self._computed: dict[str, tuple[tuple[int | bool, ...], Any]] = {}

    @property
    def fake(self) -> Tensor:
        """G(z), shape of x, always differentiable: in the generator's parameters or at least in itself."""

        def generate() -> Tensor:
            fake: Tensor = self.table.generator(self.z) if self.c is None else self.table.generator(self.z, self.c)
            return fake if fake.requires_grad else fake.detach().requires_grad_()

        return self._once("fake", generate, "generator")  # type: ignore[no-any-return]

    @property
    def real_judgement(self) -> Judgement:
        """D(x) with all that D says besides the score."""
        return self._once("real", lambda: self._look("real", self.x), "discriminator")  # type: ignore[no-any-return]

    @property
    def fake_judgement(self) -> Judgement:
        """D(G(z)) with all that D says besides the score."""
        return self._once(  # type: ignore[no-any-return]
            "judged fake", lambda: self._look("fake", self.fake), "discriminator", "generator"
        )

    @property
    def real_score(self) -> Tensor:
        """Logits of the real samples, (N,), or one for every pack; higher = more real."""
        return self.real_judgement.score

    @property
    def fake_score(self) -> Tensor:
        """Logits of the fakes, (N,), or one for every pack; higher = more real."""
        return self.fake_judgement.score

    def read(self, head: str, which: Literal["real", "fake"]) -> Tensor:
        """Return what a head reads of the condition in the real samples or the fakes, (N, ...)."""

        def look() -> Tensor:
            judgement = self.real_judgement if which == "real" else self.fake_judgement
            if judgement.features is None:
                raise GansmithError(f"the {head} needs a discriminator that returns Judgement(score, features)")
            read: Tensor = self.table.heads[head](self.x if which == "real" else self.fake, judgement.features)
            return read

        return self._once(f"{head} {which}", look, "discriminator", "generator")  # type: ignore[no-any-return]

    def judge(self, x: Tensor) -> Judgement:
        """Let the discriminator judge any samples, anew; one that is told conditions is told this round's."""
        discriminator = self.table.discriminator
        verdict = discriminator(x, self.given) if self.table.told else discriminator(x)
        judgement = verdict if isinstance(verdict, Judgement) else Judgement(verdict)
        scores = len(x) // getattr(discriminator, "pack", 1)
        if judgement.score.numel() != scores:
            raise GansmithError(
                f"the discriminator returned scores of shape {tuple(judgement.score.shape)} for {len(x)} samples: "
                "return one score per sample, shape (N,) or (N, 1)"
            )
        return judgement._replace(score=judgement.score.reshape(scores))

    @property
    def given(self) -> Tensor | None:
        """The part of the condition that comes with the data, (N, condition.given)."""
        return None if self.c is None else self.c[:, : self.table.condition.given]

    def again(self) -> Round:
        """Return the same round, with the same random numbers and nothing computed yet."""
        fresh = Round(self.table, self.x, self.z, self.c, self.rng)
        fresh._drawn = self._drawn
        return fresh

    def _look(self, which: str, x: Tensor) -> Judgement:
        for view in self.table.views:
            x = view(x, self, which)
        return self.judge(x)

    def score(self, x: Tensor) -> Tensor:
        """Return D's logits (N,) at any samples, computed anew."""
        return self.judge(x).score

    def seen(self) -> dict[str, Judgement]:
        """Return the judgements made so far, whether or not the players have moved since."""
        names = {"real": "score/real", "judged fake": "score/fake"}
        return {names[key]: value for key, (_, value) in self._computed.items() if key in names}

    def uniform(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """Return U[0, 1) numbers, the same each time the same name asks."""
        return self._draw(name, torch.rand, shape)

    def normal(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """Return N(0, 1) numbers, the same each time the same name asks."""
        return self._draw(name, torch.randn, shape)

    def _draw(self, name: str, distribution: Callable[..., Tensor], shape: tuple[int, ...]) -> Tensor:
        if name not in self._drawn:
            self._drawn[name] = distribution(shape, generator=self.rng, device=self.x.device, dtype=self.x.dtype)
        return self._drawn[name]

    def _once(self, key: str, compute: Callable[[], Any], *players: str) -> Any:
        """Return what `compute` returned last, unless one of the players it came through has moved since."""
        stamp: list[int | bool] = []
        for name in players:
            player = self.players[name]
            stamp += [player.version, player.parameters[0].requires_grad]
        known = self._computed.get(key)
        if known is None or known[0] != tuple(stamp):
            known = (tuple(stamp), compute())
            self._computed[key] = known
        return known[1]
