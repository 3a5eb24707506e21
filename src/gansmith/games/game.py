"""A game: players, each with a cost, and the few verbs that every dynamics is written with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

    Gradients = list[Tensor | None]
    Field = dict[str, Gradients]
    Snapshot = dict[str, tuple[list[Tensor], int]]


class Player:
    """Parameters, the optimiser that moves them, and the constraint, in place, that holds after every move.

    Parameters belong to the player that moves them, whichever module they sit in. `moves` counts the moves that
    count (a predictive half-step that is taken back does not); `version` changes whenever the parameters do, so that
    whatever was computed with them can tell that it is out of date. `memory` is what a dynamics needs to know of this
    player's last steps, such as past gradients, by name: a dynamics itself remembers nothing.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        constraint: Callable[[Sequence[Tensor]], None] | None = None,
        schedule: LRScheduler | None = None,
        grad_clip: float = 0.0,
    ) -> None:
        self.parameters: list[Tensor] = [p for group in optimizer.param_groups for p in group["params"]]
        self.optimizer = optimizer
        self.constraint = constraint
        self.schedule = schedule
        self.grad_clip = grad_clip
        self.moves = 0
        self.version = 0
        self.memory: dict[str, Gradients] = {}

    def gradients(self, cost: Tensor, keep_graph: bool = False) -> Gradients:
        """Return d cost / d parameters and leave no other player's gradients behind.

        This is the one place where a player's gradients are gathered.
        """
        for parameter in self.parameters:
            parameter.grad = None
        cost.backward(inputs=self.parameters, retain_graph=keep_graph)  # type: ignore[no-untyped-call]
        gathered = [parameter.grad for parameter in self.parameters]
        for parameter in self.parameters:
            parameter.grad = None
        return gathered

    def move(self, gradients: Gradients) -> None:
        """Take one optimiser step along the gradients, no longer than `grad_clip`, then enforce the constraint."""
        if self.grad_clip:
            gradients = shortened(gradients, self.grad_clip)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient
        self.optimizer.step()
        for parameter in self.parameters:
            parameter.grad = None
        if self.constraint is not None:
            self.constraint(self.parameters)
        self.moves += 1
        self.version += 1

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the parameters, which are saved with the modules they sit in."""
        return {
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict() if self.schedule else None,
            "moves": self.moves,
            "memory": self.memory,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule:
            self.schedule.load_state_dict(state["schedule"])
        self.moves = state["moves"]
        self.memory = {
            name: [None if g is None else g.to(p.device, copy=True) for g, p in zip(kept, self.parameters, strict=True)]
            for name, kept in state["memory"].items()
        }
        self.version += 1


class Together:
    """Minibatches whose gradients are averaged for one move, so that one of them at a time takes up memory.

    Each pass over them begins with nothing computed.
    """

    def __init__(self, batches: Sequence[Any]) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[Any]:
        return (batch.again() if hasattr(batch, "again") else batch for batch in self.batches)


class Game(Protocol):
    """Players in their order of play, and the cost that each of them minimises."""

    @property
    def players(self) -> Mapping[str, Player]:
        """The players by name; the first one leads."""
        ...

    def cost(self, player: str, batch: Any) -> Tensor:
        """Return the scalar that `player` minimises on this batch, at the current parameters of all."""
        ...

    def cost_at(self, player: str, batch: Any, at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        """Return the same with the parameters of some players replaced, differentiable in what replaces them."""
        ...


@contextmanager
def learning(game: Game, *names: str) -> Iterator[None]:
    """While inside, these players can learn and graphs are built for nobody else's parameters."""
    before = [(p, p.requires_grad) for player in game.players.values() for p in player.parameters]
    for name, player in game.players.items():
        for parameter in player.parameters:
            parameter.requires_grad_(name in names)
    try:
        yield
    finally:
        for parameter, could_learn in before:
            parameter.requires_grad_(could_learn)


def descend(game: Game, name: str, batch: Any, alone: bool = True) -> Tensor:
    """Let one player take a step down its own cost; return the cost it had before.

    With `alone`, no graph is built for the others; without it, they may play on with what was computed here. Of
    minibatches together, the mean is taken of gradients and costs, and each is played `alone`.
    """
    player = game.players[name]
    alone = alone or isinstance(batch, Together)
    gradients: list[Gradients] = []
    costs = []
    with learning(game, name) if alone else nullcontext():
        for part in batch if isinstance(batch, Together) else (batch,):
            cost = game.cost(name, part)
            gradients = [_sum(*gradients, player.gradients(cost))]
            costs.append(cost.detach())
    player.move(_over(gradients[0], len(costs)))
    return _mean(costs)


def field(game: Game, batch: Any) -> tuple[Field, dict[str, Tensor]]:
    """Return v(w), every player's gradient of its own cost at the same point, and the costs.

    All costs of a minibatch are evaluated before any gradient is taken, so that they may share forward passes. Of
    minibatches together, the mean is taken.
    """
    if not isinstance(batch, Together):
        return _field(game, batch)
    v: dict[str, list[Gradients]] = {name: [] for name in game.players}
    all_costs: dict[str, list[Tensor]] = {name: [] for name in game.players}
    for part in batch:
        now, costs = _field(game, part)
        for name in v:
            v[name] = [_sum(*v[name], now[name])]
            all_costs[name].append(costs[name])
    return (
        {name: _over(gradients, len(batch)) for name, (gradients,) in v.items()},
        {name: _mean(costs) for name, costs in all_costs.items()},
    )


def _field(game: Game, batch: Any) -> tuple[Field, dict[str, Tensor]]:
    costs = {name: game.cost(name, batch) for name in game.players}
    last = list(costs)[-1]
    v = {name: game.players[name].gradients(cost, keep_graph=name != last) for name, cost in costs.items()}
    return v, {name: cost.detach() for name, cost in costs.items()}


def _sum(*several: Gradients) -> Gradients:
    """Return the sum of some gradients; whoever has none in all of them has none."""
    total, *others = several
    for more in others:
        total = [b if a is None else a if b is None else a + b for a, b in zip(total, more, strict=True)]
    return total


def _over(gradients: Gradients, count: int) -> Gradients:
    return gradients if count == 1 else [None if g is None else g / count for g in gradients]


def _mean(costs: Sequence[Tensor]) -> Tensor:
    return costs[0] if len(costs) == 1 else sum(costs[1:], costs[0]) / len(costs)


def shortened(gradients: Gradients, longest: float) -> Gradients:
    """Return the gradients, all scaled by the same number if their norm together is larger than `longest`."""
    import torch

    norms = [torch.linalg.vector_norm(g) for g in gradients if g is not None]
    if not norms:
        return gradients
    scale = (longest / torch.linalg.vector_norm(torch.stack(norms))).clamp_max(1)
    return [None if g is None else g * scale for g in gradients]


def move(game: Game, v: Field) -> None:
    """Move every player along the field at once."""
    for name, gradients in v.items():
        game.players[name].move(gradients)


def snapshot(game: Game) -> Snapshot:
    """Remember every player's parameters and number of moves.

    Buffers (batch-norm statistics, spectral-norm vectors) are not part of it: they record what the networks saw and
    are nobody's strategy. Neither are the optimisers' moments, which keep what they learnt from a predictive step
    (Gidel et al. 2019, arXiv 1802.10551, Algorithm 4).
    """
    return {
        name: ([p.detach().clone() for p in player.parameters], player.moves) for name, player in game.players.items()
    }


def restore(game: Game, remembered: Snapshot) -> None:
    """Put every player back to where `snapshot` saw it."""
    import torch

    for name, (values, moves) in remembered.items():
        player = game.players[name]
        with torch.no_grad():
            for parameter, value in zip(player.parameters, values, strict=True):
                parameter.copy_(value)
        player.moves = moves
        player.version += 1
