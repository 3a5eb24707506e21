"""The folder a run lives in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from gansmith.config import Recipe, from_dict, to_dict
from gansmith.errors import GansmithError
from gansmith.training.checkpoint import Checkpoints, write_atomically


@dataclass(frozen=True)
class RunFolder:
    """`config.json`, `journal.jsonl`, `samples/`, `checkpoints/`, `generator.safetensors` and TensorBoard events."""

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
    def generator(self) -> Path:
        """The generator that samples are drawn from."""
        return self.path / "generator.safetensors"

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

    def create(self, recipe: Recipe, shape: tuple[int, ...], own_networks: bool) -> None:
        """Start a run here."""
        self.samples.mkdir(parents=True, exist_ok=True)
        content = {**to_dict(recipe), "shape": list(shape), "own_networks": own_networks}
        write_atomically(self.config, lambda temporary: temporary.write_text(json.dumps(content, indent=2) + "\n"))

    def read(self) -> tuple[Recipe, tuple[int, ...], bool]:
        """Return the recipe, the shape of a sample and whether the networks are the user's own."""
        if not self.config.exists():
            raise GansmithError(f"{self.path} is no run folder: it has no config.json")
        try:
            content: dict[str, Any] = json.loads(self.config.read_text())
            recipe = from_dict(content)
            return recipe, tuple(content["shape"]), content["own_networks"]
        except (json.JSONDecodeError, KeyError, AttributeError) as error:
            raise GansmithError(f"{self.config} is no gansmith config ({error}): restore it from a backup") from error

    def save_generator(self, generator: nn.Module) -> None:
        """Write the weights alone, without pickle."""
        from safetensors.torch import save

        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in generator.state_dict().items()}
        content = save(tensors, {"format": "pt"})
        write_atomically(self.generator, lambda temporary: temporary.write_bytes(content))

    def load_generator(self, generator: nn.Module) -> None:
        """Read the weights into a network of the right form."""
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        if not self.generator.exists():
            raise GansmithError(f"{self.path} has no generator.safetensors yet: let the run reach its first checkpoint")
        try:
            generator.load_state_dict(load_file(self.generator))
        except (SafetensorError, RuntimeError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise GansmithError(f"{self.generator} does not fit the generator ({reason})") from error
