"""A round: one minibatch of play, with every shared forward pass computed once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.games.game import Player
from gansmith.networks.judgement import Judgement


class Round:
    """All the randomness that a cost sees, and what the two networks make of it.

    Terms read from a round and never call a network that it has called already. What was computed stays valid until
    the player it came from moves; then the next reader computes it again. A reader in a turn in which the generator
    learns gets fakes with a graph even if an earlier, discriminator's turn made them without.

    Args:
        generator, discriminator: the two networks.
        players: who moves them, by these names.
        x: (N, ...) real samples.
        z: (N, latent) noise.
        labels: (N,) int64 or None.
        rng: where further random numbers (a penalty's mixing weights, say) come from.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        players: Mapping[str, Player],
        x: Tensor,
        z: Tensor,
        labels: Tensor | None = None,
        rng: torch.Generator | None = None,
    ) -> None:
        self.generator = generator
        self.discriminator = discriminator
        self.players = players
        self.x = x.detach().requires_grad_()  # a leaf, so that penalties can differentiate D at the data
        self.z = z
        self.labels = labels
        self.rng = rng
        self._drawn: dict[str, Tensor] = {}
        self._computed: dict[str, tuple[tuple[int | bool, ...], Any]] = {}

    @property
    def fake(self) -> Tensor:
        """G(z), shape of x, always differentiable: in the generator's parameters or at least in itself."""

        def generate() -> Tensor:
            fake: Tensor = self.generator(self.z)
            return fake if fake.requires_grad else fake.detach().requires_grad_()

        return self._once("fake", generate, "generator")  # type: ignore[no-any-return]

    @property
    def real_judgement(self) -> Judgement:
        """D(x) with all that D says besides the score."""
        return self._once("real", lambda: self.judge(self.x), "discriminator")  # type: ignore[no-any-return]

    @property
    def fake_judgement(self) -> Judgement:
        """D(G(z)) with all that D says besides the score."""
        return self._once("judged fake", lambda: self.judge(self.fake), "discriminator", "generator")  # type: ignore[no-any-return]

    @property
    def real_score(self) -> Tensor:
        """Logits of the real samples, (N,); higher = more real."""
        return self.real_judgement.score

    @property
    def fake_score(self) -> Tensor:
        """Logits of the fakes, (N,); higher = more real."""
        return self.fake_judgement.score

    def judge(self, x: Tensor) -> Judgement:
        """Let the discriminator judge any samples, anew."""
        verdict = self.discriminator(x)
        judgement = verdict if isinstance(verdict, Judgement) else Judgement(verdict)
        if judgement.score.numel() != len(x):
            raise GansmithError(
                f"the discriminator returned scores of shape {tuple(judgement.score.shape)} for {len(x)} samples: "
                "return one score per sample, shape (N,) or (N, 1)"
            )
        return judgement._replace(score=judgement.score.reshape(len(x)))

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
