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

Asked = tuple[str, Callable[..., Tensor], tuple[int, ...]]
"""Random numbers that somebody asked for: by which name, of which distribution, in which shape."""


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
    joint: bool
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
        self.drawn: dict[str, Tensor] = {}  # random numbers by the name that asked for them
        self.asked: list[Asked] = []
        self._computed: dict[str, tuple[tuple[int | bool, ...], Any]] = {}

    @property
    def fake(self) -> Tensor:
        """G(z), shape of x, always differentiable: in the generator's parameters or at least in itself."""

        def generate() -> Tensor:
            fake: Tensor = self.table.generator(self.z) if self.c is None else self.table.generator(self.z, self.c)
            fake = fake.to(self.z.dtype)  # whatever precision it was made in
            return fake if fake.requires_grad else fake.detach().requires_grad_()

        return self._once("fake", generate, "generator")  # type: ignore[no-any-return]

    @property
    def real_judgement(self) -> Judgement:
        """D(x) with all that D says besides the score; at a joint table D sees the fakes in the same pass."""
        look = self._look_at_both if self.table.joint else lambda: self._look("real", self.x)
        return self._once("real", look, "discriminator")  # type: ignore[no-any-return]

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

    def judge(self, x: Tensor, given: Tensor | None = None) -> Judgement:
        """Let the discriminator judge any samples, anew; one that is told conditions is told this round's."""
        discriminator = self.table.discriminator
        verdict = discriminator(x, self.given if given is None else given) if self.table.told else discriminator(x)
        judgement = verdict if isinstance(verdict, Judgement) else Judgement(verdict)
        scores = len(x) // getattr(discriminator, "pack", 1)
        if judgement.score.numel() != scores:
            raise GansmithError(
                f"the discriminator returned scores of shape {tuple(judgement.score.shape)} for {len(x)} samples: "
                "return one score per sample, shape (N,) or (N, 1)"
            )
        return judgement._replace(score=judgement.score.reshape(scores).to(x.dtype))

    @property
    def given(self) -> Tensor | None:
        """The part of the condition that comes with the data, (N, condition.given)."""
        return None if self.c is None else self.c[:, : self.table.condition.given]

    def again(self) -> Round:
        """Return the same round, with the same random numbers and nothing computed yet."""
        fresh = Round(self.table, self.x, self.z, self.c, self.rng)
        fresh.drawn, fresh.asked = self.drawn, self.asked
        return fresh

    def draw(self, asked: Sequence[Asked]) -> None:
        """Draw at once all random numbers that another round was `asked` for, in the same order."""
        for request in asked:
            self._draw(*request)

    def _look(self, which: str, x: Tensor) -> Judgement:
        return self.judge(self._view(which, x))

    def _look_at_both(self) -> Judgement:
        """Return D(x), and keep D(G(z)) from the same pass, which takes less time than two."""
        seen = torch.cat([self._view("real", self.x), self._view("fake", self.fake)])
        given = None if self.given is None else self.given.repeat(2, 1)
        score, features = self.judge(seen, given)
        halves = zip(score.chunk(2), (None, None) if features is None else features.chunk(2), strict=True)
        real, fake = (Judgement(*half) for half in halves)
        self._computed["judged fake"] = (self._stamp("discriminator", "generator"), fake)
        return real

    def _view(self, which: str, x: Tensor) -> Tensor:
        for view in self.table.views:
            x = view(x, self, which)
        return x

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
        if name not in self.drawn:
            self.drawn[name] = distribution(shape, generator=self.rng, device=self.x.device, dtype=self.x.dtype)
            self.asked.append((name, distribution, shape))
        return self.drawn[name]

    def _stamp(self, *names: str) -> tuple[int | bool, ...]:
        players = (self.players[name] for name in names)
        return tuple(part for p in players for part in (p.version, p.parameters[0].requires_grad))

    def _once(self, key: str, compute: Callable[[], Any], *players: str) -> Any:
        """Return what `compute` returned last, unless one of the players it came through has moved since."""
        stamp = self._stamp(*players)
        if key not in self._computed or self._computed[key][0] != stamp:
            self._computed[key] = (stamp, compute())
        return self._computed[key][1]
