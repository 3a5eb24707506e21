"""What an evaluation found, and where it is written: names of files keep what was asked for."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansmith.files import write_atomically
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.own import OwnMetric
from gansmith.records.run_folder import RunFolder

LONGEST = 120  # characters of what was asked for in a file's name


@dataclass(frozen=True)
class Report:
    """What an evaluation found.

    Attributes:
        name: of what was measured.
        metrics: figures by name, see `gansmith.metrics.catalogue.METRICS`.
        real: the same figures for real samples measured against others: what perfect ones would score.
        details: uncertainties and sizes.
        about: everything the figures depend on.
        path: where it was written, if anywhere.
    """

    name: str
    metrics: dict[str, float]
    real: dict[str, float]
    details: dict[str, float]
    about: dict[str, Any]
    path: Path | None = None

    def write(self, path: Path) -> Report:
        """Write the report as JSON, and return it with the place."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "path"}
        content = json.dumps({"format": 1, **values}, indent=2, ensure_ascii=False)
        write_atomically(path, lambda temporary: temporary.write_text(content + "\n", encoding="utf-8"))
        return dataclasses.replace(self, path=path)


@dataclass(frozen=True)
class Asked:
    """What was asked of an evaluation; None and empty where it is the standard one of a run."""

    features: str | Callable[..., Any] | None = None
    generator: str | None = None
    data: str | None = None
    samples: int | None = None
    seed: int | None = None
    metrics: Sequence[str | OwnMetric] = ()

    def words(self) -> str:
        """Return what a file's name says of it, with a hyphen before every word.

        >>> Asked().words(), Asked("raw", samples=400).words(), Asked(data="mnist/test.parquet").words()
        ('', '-raw-samples-400', '-data-mnist-test.parquet')
        """
        parts = [] if self.features is None else [_word(self.features)]
        for name in ("generator", "data", "samples", "seed"):
            value = getattr(self, name)
            parts += [] if value is None else [name, _word(value)]
        parts += ["with", *map(_word, self.metrics)] if self.metrics else []
        text = "-".join(parts)
        return f"-{text[:LONGEST]}" if text else ""


def place(gan: TrainedGenerator, what: str, asked: Asked = Asked()) -> Path | None:
    """Return where a file about a generator goes: into its run's folder, beside its own file, or nowhere.

    Args:
        what: the file's name, such as metrics.json.
        asked: what else its name says.
    """
    stem, suffix = what.split(".")
    name = f"{stem}{asked.words()}.{suffix}"
    if gan.run:
        return RunFolder(gan.run).path / name
    return gan.file.with_name(f"{gan.file.stem}.{name}") if gan.file else None


def _word(value: Any) -> str:
    text = str(getattr(value, "__name__", type(value).__name__) if callable(value) else value)
    return re.sub(r"[^\w.+]+", "-", text).strip("-.") or "own"
