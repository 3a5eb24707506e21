"""What a callback gets: a moment of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from gansmith.generators.trained import TrainedGenerator


@dataclass(frozen=True)
class Moment:
    """The end of a step.

    Attributes:
        step: steps played so far.
        last: whether the run ends here.
        run: whose step it was; callbacks of one's own rarely need it.
    """

    step: int
    last: bool
    run: Any = field(repr=False)

    @property
    def costs(self) -> dict[str, float]:
        """Every player's cost in this step. Reading it waits for the device."""
        return {name: float(cost) for name, cost in self.run.latest.items()}

    @property
    def notes(self) -> dict[str, float]:
        """What the terms noted: their shares, mean scores, and what else they tell the journal."""
        return {name: float(value) for name, value in self.run.game.report().items()}

    @property
    def generator(self) -> TrainedGenerator:
        """The generator as it is now, averaged if the run keeps an average, to sample from."""
        trained: TrainedGenerator = self.run.trained()
        return trained

    def stop(self, why: str = "") -> None:
        """End the run with this step: everybody else sees it as the last one, and the run can be resumed.

        Args:
            why: what the run says of it.
        """
        self.run.stop(why)


class Callback(Protocol):
    """Something that looks at a run now and then and never changes it, though it may end it: `moment.stop("why")`.

    It is called like its class, or by a `name` of its own. With `every`, a number of steps, it needs no `due`. What it
    remembers goes on in a resumed run if it has `state_dict` and `load_state_dict`.
    """

    def due(self, step: int, last: bool) -> bool:
        """Tell whether to look after this step; `last` says that the run ends here."""
        ...

    def __call__(self, moment: Moment) -> None:
        """Look."""
        ...


def is_due(callback: Any, step: int, last: bool) -> bool:
    """Tell whether a callback looks after this step."""
    if hasattr(callback, "due"):
        return bool(callback.due(step, last))
    return last or step % callback.every == 0
