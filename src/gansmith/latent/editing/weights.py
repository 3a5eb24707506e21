"""How much each constraint of an edit counts, and how far it goes."""

from __future__ import annotations

from dataclasses import dataclass

from gansmith.errors import GansmithError


@dataclass(frozen=True)
class Weights:
    """How much each constraint counts, and how far an edit goes; differences are 1 between random samples.

    Attributes:
        strokes: squared differences of colour where strokes are, mean over their weight, of what they are at the start.
        edges: of slopes of brightness where edges are, and two pixels around, of what they are at the start.
        keep: of colour where the picture shall stay.
        around: of colour everywhere else but where something is painted.
        close: |u − u₀|²/r, the way from the start.
        prior: |u|²/r, the way from the mean of all samples.
        strange: logarithm of how far styles lie from those that the mapping network makes, `Coordinates.strangeness`,
            beyond where they lie at the start, and beyond ordinary ones.
        realism: softplus(−D), where there is a discriminator.
        rate: of Adam; coordinates have standard deviation 1.
        steps: of it.
        starts: from how many starts it looks ahead: the picture's own, and samples that are near to what is asked.
    """

    strokes: float = 12.0
    edges: float = 16.0
    keep: float = 8.0
    around: float = 7.0
    close: float = 0.05
    prior: float = 0.05
    strange: float = 0.15
    realism: float = 0.1
    rate: float = 0.15
    steps: int = 72
    starts: int = 3

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value >= 0:
                raise GansmithError(f"{name} = {value} must not be negative")
        if self.starts < 1:
            raise GansmithError(f"starts = {self.starts} must be at least 1, the picture's own")


USUAL = Weights()
