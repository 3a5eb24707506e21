"""gansmith: train generative adversarial networks, see what happens inside them, and steer what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gansmith.recipes import recipe
    from gansmith.runs.compare import compare
    from gansmith.runs.evaluate import evaluate
    from gansmith.runs.session import resume, train
    from gansmith.runs.sweep import sweep
    from gansmith.runs.trained import load

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "evaluate", "load", "recipe", "resume", "sweep", "train"]

_DOORS = {
    "recipe": "gansmith.recipes",
    "train": "gansmith.runs.session",
    "resume": "gansmith.runs.session",
    "load": "gansmith.runs.trained",
    "evaluate": "gansmith.runs.evaluate",
    "compare": "gansmith.runs.compare",
    "sweep": "gansmith.runs.sweep",
}


def __getattr__(name: str) -> Any:
    """Open a door when somebody first walks through it: importing gansmith alone loads no torch."""
    if name not in _DOORS:
        raise AttributeError(f"module 'gansmith' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_DOORS[name]), name)


def __dir__() -> list[str]:
    return __all__
