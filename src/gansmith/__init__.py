"""gansmith: train generative adversarial networks, see what happens inside them, and steer what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.recipes import recipe
    from gansmith.runs.compare import compare
    from gansmith.runs.directions import directions
    from gansmith.runs.evaluate import evaluate
    from gansmith.runs.loading import load
    from gansmith.runs.reconstruct import reconstruct
    from gansmith.runs.resuming import resume
    from gansmith.runs.session import train
    from gansmith.runs.sweep import sweep

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "compare",
    "directions",
    "evaluate",
    "load",
    "recipe",
    "reconstruct",
    "resume",
    "sweep",
    "train",
]

__getattr__ = doors(
    __name__,
    {
        "recipe": "recipes",
        "train": "runs.session",
        "resume": "runs.resuming",
        "load": "runs.loading",
        "evaluate": "runs.evaluate",
        "reconstruct": "runs.reconstruct",
        "compare": "runs.compare",
        "directions": "runs.directions",
        "sweep": "runs.sweep",
    },
)


def __dir__() -> list[str]:
    return __all__
