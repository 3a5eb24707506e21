"""`gansmith sample RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.errors import GansmithError

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Sample:
    """Draw samples from a run's generator and write them to a file or a folder."""

    run: Annotated[Path, POSITIONAL]
    """Run folder, or a generator's .safetensors file."""
    count: int = 64
    """How many."""
    seed: int = 0
    """The same seed gives the same samples."""
    truncation: float = 1.0
    """Below 1: less variety, more typical samples."""
    labels: str | None = None
    """What a conditional generator is asked for: names or numbers of classes with commas between them, 3,3,7."""
    attributes: str | None = None
    """Values in [0, 1] by name: Smiling=1,Young=0."""
    codes: str | None = None
    """InfoGAN's codes by number, categories first: 0=4,1=-0.5."""
    generator: Literal["last", "best"] = "last"
    """The one of the last checkpoint, or the best one by the run's metric."""
    trust: bool = False
    """Import code of its own that the run or the file names."""
    out: Path | None = None
    """FILE.png (a grid), FILE.npz (numbers) or a folder (one picture each); by default a grid in the run folder."""


def main(arguments: list[str]) -> None:
    """Draw samples and say where they are."""
    wanted = parse(Sample, "sample", arguments)
    from gansmith.runs.loading import load

    gan = load(wanted.run, generator=wanted.generator, trust=wanted.trust)
    out = wanted.out or (gan.run or Path()) / f"samples-seed-{wanted.seed}.png"
    _check(out, gan.shape)
    labels = None if wanted.labels is None else wanted.labels.split(",")
    attributes = None if wanted.attributes is None else _pairs("attributes", wanted.attributes)
    codes = None if wanted.codes is None else {_number(k): v for k, v in _pairs("codes", wanted.codes).items()}
    write(gan.sample(wanted.count, wanted.seed, wanted.truncation, labels, attributes, codes), out)
    print(out)


def _pairs(flag: str, text: str) -> dict[str, float]:
    """Return the values that `name=value,name=value` gives."""
    values = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            raise GansmithError(f"--{flag} {text}: write NAME=NUMBER with commas between them") from None
    return values


def _number(text: str) -> int:
    if not text.isdigit():
        raise GansmithError(f"--codes: '{text}' is no code; they are numbered from 0")
    return int(text)


def _check(out: Path, shape: tuple[int, ...]) -> None:
    if out.suffix not in (".png", ".npz", ""):
        raise GansmithError(f"--out {out}: use FILE.png, FILE.npz or a folder")
    if out.suffix == "" and out.is_file():
        raise GansmithError(f"--out {out} is a file: use FILE.png, FILE.npz or a folder")
    if out.suffix == "" and len(shape) != 3:
        raise GansmithError(f"--out {out}: vectors have no pictures of their own; use FILE.png or FILE.npz")


def write(samples: Tensor, out: Path) -> None:
    """Write samples as a grid, as numbers, or one by one."""
    import numpy as np

    from gansmith.files import write_atomically
    from gansmith.training import pictures

    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".npz":
        write_atomically(out, lambda temporary: _savez(temporary, np.asarray(samples)))
    elif out.suffix == ".png":
        picture = pictures.grid(samples) if samples.dim() == 4 else pictures.scatter(samples, samples[:0])
        pictures.save_picture(picture, out)
    else:
        out.mkdir(exist_ok=True)
        for i, image in enumerate(samples):
            pictures.save_picture(pictures.to_picture(image), out / f"{i:05d}.png")


def _savez(path: Path, samples: object) -> None:
    import numpy as np

    with path.open("wb") as file:
        np.savez_compressed(file, samples=samples)  # type: ignore[arg-type]
