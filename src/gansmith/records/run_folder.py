"""The folder a run lives in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from torch import nn

from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.recipes.composition import Recipe, from_dict, to_dict
from gansmith.records.checkpoint import Checkpoints
from gansmith.records.weights import to_bytes
from gansmith.settings import foreign


@dataclass(frozen=True)
class Facts:
    """What a run's folder says of it, besides the recipe: what is needed to build its generator again."""

    recipe: Recipe
    shape: tuple[int, ...]
    """Of one sample."""
    own_networks: bool = False
    """Whether the networks are the user's own."""
    label_names: list[str] = field(default_factory=list)
    """Of the data's classes."""
    attribute_names: list[str] = field(default_factory=list)
    """Of the data's attributes."""
    attribute_rows: list[list[float]] = field(default_factory=list)
    """Some samples' attributes, to ask for what occurs."""


@dataclass(frozen=True)
class RunFolder:
    """Config, journal and TensorBoard events, samples, checkpoints, generators, curves and metrics of a run."""

    path: Path

    @property
    def config(self) -> Path:
        """The recipe, and the shape of its samples."""
        return self.path / "config.json"

    @property
    def journal(self) -> Path:
        """Numbers by step."""
        return self.path / "journal.jsonl"

    @property
    def samples(self) -> Path:
        """Pictures by step."""
        return self.path / "samples"

    @property
    def metrics(self) -> Path:
        """What `gansmith evaluate` found last."""
        return self.path / "metrics.json"

    @property
    def curve(self) -> Path:
        """The course of costs and metrics."""
        return self.path / "curve.png"

    def generator(self, which: str = "last") -> Path:
        """The generator that samples are drawn from: the last one, or the best one by the metric chosen."""
        return self.path / ("generator.safetensors" if which == "last" else "best.safetensors")

    def checkpoints(self, keep: int = 2) -> Checkpoints:
        """The states to resume from."""
        return Checkpoints(self.path / "checkpoints", keep)

    def check_free(self) -> None:
        """Refuse a folder that already holds a run, or a path that is no folder."""
        if self.config.exists():
            raise GansmithError(
                f"{self.path} already holds a run: go on with `gansmith resume {self.path}`, or choose another --out"
            )
        if self.path.exists() and not self.path.is_dir():
            raise GansmithError(f"{self.path} is a file: a run needs a folder of its own, choose another --out")

    def create(self, facts: Facts) -> None:
        """Start a run here."""
        self.samples.mkdir(parents=True, exist_ok=True)
        about = {f.name: getattr(facts, f.name) for f in fields(facts) if f.name != "recipe"}
        content = {**to_dict(facts.recipe), **about, "shape": list(facts.shape)}
        write_atomically(self.config, lambda temporary: temporary.write_text(json.dumps(content, indent=2) + "\n"))

    def read(self, trust: bool = False) -> Facts:
        """Return what the run is.

        Args:
            trust: import code that its config names and this package does not have.
        """
        if not self.config.exists():
            raise GansmithError(f"{self.path} is no run folder: it has no config.json")
        try:
            content: dict[str, Any] = json.loads(self.config.read_text())
            own = sorted(set(foreign(content)))
            if own and not trust:
                raise GansmithError(
                    f"{self.path} is made with code of its own, {', '.join(own)}: use --trust (trust=True) to import it"
                )
            recipe = from_dict(content)
            optional = ("label_names", "attribute_names", "attribute_rows")
            known = {name: content[name] for name in optional if name in content}
            return Facts(recipe, tuple(content["shape"]), content["own_networks"], **known)
        except (json.JSONDecodeError, KeyError, AttributeError) as error:
            raise GansmithError(f"{self.config} is no gansmith config ({error}): restore it from a backup") from error

    def save_generator(self, generator: nn.Module, step: int, which: str = "last") -> None:
        """Write the weights and the step they are from, without pickle."""
        content = to_bytes(generator, {"format": "pt", "step": str(step)})
        write_atomically(self.generator(which), lambda temporary: temporary.write_bytes(content))

    def load_generator(self, generator: nn.Module, which: str = "last") -> int:
        """Read the weights into a network of the right form, and return the step they are from."""
        from safetensors import SafetensorError, safe_open
        from safetensors.torch import load_file

        path = self.generator(which)
        if not path.exists():
            when = "checkpoint" if which == "last" else "evaluation"
            raise GansmithError(f"{self.path} has no {path.name} yet: let the run reach its first {when}")
        try:
            generator.load_state_dict(load_file(path))
            with safe_open(path, "pt") as file:
                return int((file.metadata() or {}).get("step", 0))
        except (SafetensorError, RuntimeError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise GansmithError(f"{path} does not fit the generator ({reason})") from error
