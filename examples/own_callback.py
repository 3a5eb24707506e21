"""A callback of your own: it notes how far samples are from each other. In the folder of this file:

gansmith train nsgan --data ring --callback own_callback:Spread --spread.every 100
"""

from dataclasses import dataclass, field

from gansmith.settings import PLAIN
from gansmith.training.moment import Moment


@dataclass
class Spread:
    """Prints the mean distance of 100 samples from their middle."""

    every: int = 500
    """Steps between two looks."""
    course: list[float] = field(default_factory=list, metadata=PLAIN)

    def __call__(self, moment: Moment) -> None:
        x = moment.generator.sample(100).flatten(1)
        self.course.append(float((x - x.mean(dim=0)).norm(dim=1).mean()))
        print(f"step {moment.step}: {self.course[-1]:.3f}, G's cost {moment.costs['generator']:.3f}")

    def state_dict(self) -> dict[str, list[float]]:
        return {"course": self.course}  # goes on in a resumed run

    def load_state_dict(self, state: dict[str, list[float]]) -> None:
        self.course = list(state["course"])
