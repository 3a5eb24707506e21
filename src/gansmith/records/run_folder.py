"""The folder a run lives in."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gansmith.data.fingerprint import located
from gansmith.data.source import Source
from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.generators.vocabulary import Vocabulary, vocabulary_from
from gansmith.recipes import former
from gansmith.recipes.composition import Recipe, from_dict, to_dict
from gansmith.records.checkpoint import Checkpoints
from gansmith.records.lock import locked
from gansmith.settings.foreign import compare_fingerprints, refuse_foreign


@dataclass(frozen=True)
class Facts:
    """What a run's folder says of it."""

    recipe: Recipe
    shape: tuple[int, ...]
    """Of one sample."""
    own_networks: bool = False
    """Whether the networks are the user's own."""
    vocabulary: Vocabulary = Vocabulary()
    """The words of the data."""
    code: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files of a user's own modules, by module."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Where its data lie, and their fingerprint; see `gansmith.data.fingerprint`."""

    def located(self, source: Source) -> Source:
        """Return a source that names the run's data by the path where they were, if it names those."""
        return found_at(source, self.data.get("path")) if source.data == self.recipe.source.data else source


def found_at(source: Source, path: Any) -> Source:
    """Return a source that names its data by this path, if they are still there."""
    there = isinstance(path, str) and located(path) is not None
    return dataclasses.replace(source, data=path) if there else source


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
        """Refuse a folder that holds a run which can be resumed, or a path that is no folder."""
        if self.config.exists() and self.checkpoints().last_step() is not None:
            raise GansmithError(
                f"{self.path} already holds a run: go on with `gansmith resume {self.path}`, or choose another --out"
            )
        if self.config.exists() and not self._is_ours():
            raise GansmithError(
                f"{self.config} is not gansmith's: a run needs a folder of its own, choose another --out"
            )
        if self.path.exists() and not self.path.is_dir():
            raise GansmithError(f"{self.path} is a file: a run needs a folder of its own, choose another --out")
        if bytes(self.path) != str(self.path).encode(errors="replace"):  # no text, which TensorBoard asks for
            raise GansmithError(f"--out {str(self.path)!a}: the name is no text in UTF-8; choose another")

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """While inside, the folder is free for a new run, and nobody else may write into it."""
        self.check_free()  # before anything is made
        with locked(self.path):
            self.check_free()  # another run may have ended here between the two
            yield

    def _is_ours(self) -> bool:
        return {"format", "shape", "own_networks"} <= set(self.described() or ())

    def _clear(self) -> None:
        """Remove what a run left that ended before its first checkpoint."""
        shutil.rmtree(self.samples, ignore_errors=True)
        found = [p for form in ("events.out.tfevents.*", "metrics*.json", "nearest*.png") for p in self.path.glob(form)]
        generators = (self.generator(), self.generator("best"), self.checkpoints().best)
        for path in (self.config, self.journal, self.curve, *generators, *found):
            path.unlink(missing_ok=True)

    def create(self, facts: Facts) -> None:
        """Start a run here, in the place of one that ended before its first checkpoint."""
        if self.config.exists():
            self._clear()
        self.samples.mkdir(parents=True, exist_ok=True)
        self._write(facts, [])

    def change(self, facts: Facts, step: int, before: Mapping[str, Any]) -> None:
        """Note that the run goes on with other settings after a step, and their values before, by full path."""
        changes = json.loads(self.config.read_text(encoding="utf-8")).get("changes", [])
        self._write(facts, [*changes, {"step": step, "before": dict(before)}])

    def _write(self, facts: Facts, changes: Sequence[Mapping[str, Any]]) -> None:
        about = {"shape": list(facts.shape), "own_networks": facts.own_networks, "code": dict(facts.code)}
        about |= {"data": dict(facts.data)} if facts.data else {}
        content = {**to_dict(facts.recipe), **about, "vocabulary": facts.vocabulary.to_json()}
        content |= {"changes": list(changes)} if changes else {}
        text = json.dumps(content, indent=2) + "\n"
        write_atomically(self.config, lambda temporary: temporary.write_text(text, encoding="utf-8"))

    def read(self, trust: bool = False) -> Facts:
        """Return what the run is.

        Args:
            trust: import code that its config names and this package does not have.
        """
        if not self.config.exists():
            raise GansmithError(f"{self.path} is no run folder: it has no config.json")
        try:
            content: dict[str, Any] = json.loads(self.config.read_text(encoding="utf-8"))
            words = {"vocabulary", "changes", "data", *former.WORDS.values()}  # which may look like code
            refuse_foreign({k: v for k, v in content.items() if k not in words}, str(self.path), trust)
            vocabulary = vocabulary_from(content.get("vocabulary", former.vocabulary(content)))
            code = content.get("code", {})
            recipe = from_dict(content)
            compare_fingerprints(to_dict(recipe), code, str(self.path))
            data = content.get("data", {})
            return Facts(recipe, tuple(content["shape"]), content["own_networks"], vocabulary, code, data)
        except (json.JSONDecodeError, KeyError, AttributeError) as error:
            raise GansmithError(f"{self.config} is no gansmith config ({error}): restore it from a backup") from error

    def described(self) -> dict[str, Any] | None:
        """Return what config.json holds, as it stands there; None if there is none."""
        try:
            found = json.loads(self.config.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def located(self, source: Source) -> Source:
        """Return where a run's data are to be found: there where they were, whatever folder one works in now."""
        data = (self.described() or {}).get("data")  # not there in a run from before
        return found_at(source, data.get("path")) if isinstance(data, dict) else source

    def save_generator(self, content: bytes, which: str = "last") -> None:
        """Write a generator, see `gansmith.generators.file.content`."""
        write_atomically(self.generator(which), lambda temporary: temporary.write_bytes(content))
