"""`gansmith sample RUN …`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.cli.directions import named
from gansmith.errors import GansmithError

LONGEST = 100  # letters of a default name
MOVES = ("sliders", "hold", "add", "subtract")


@dataclass(frozen=True)
class Sample:
    """Draw samples from a run's generator and write them to a file or a folder."""

    run: Annotated[Path, POSITIONAL]
    """Run folder, or a generator's .safetensors file."""
    count: int | None = None
    """How many; by default 64, or one for each of --seeds or --latents."""
    seed: int = 0
    """The same seed gives the same samples."""
    seeds: str | None = None
    """One sample for each of these, instead of --seed: 1-5,9."""
    truncation: float = 1.0
    """Below 1: less variety, more typical samples."""
    labels: str | None = None
    """What a conditional generator is asked for: names or numbers of classes with commas between them, 3,3,7."""
    attributes: str | None = None
    """Values in [0, 1] by name: Smiling=1,Young=0."""
    codes: str | None = None
    """InfoGAN's codes by number, categories first: 0=4,1=-0.5."""
    sliders: str | None = None
    """Attributes moved from 0 to 100, 50 leaves them as they are: Smiling=80,Young=20; see `gansmith directions`."""
    hold: str | None = None
    """Attributes that must stay while sliders move: Male,Eyeglasses, or none; by default all that the data do not tie
    to one that moves."""
    add: str | None = None
    """Attributes to give to everyone by latent arithmetic, Eyeglasses: mean of those with - mean of those without."""
    subtract: str | None = None
    """Attributes to take away in the same way."""
    quick: bool = False
    """Let sliders follow a quick imitation of the networks that read attributes, and not these themselves: a twentieth
    of a second a sample where it takes a second, what is asked for moves less, and all else more."""
    latents: Path | None = None
    """Noise of your own, (N, latent), instead of drawn noise: a .npy, .npz, .safetensors or .pt file."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint, the best one by the run's metric, or the last one as trained, not averaged."""
    trust: bool = False
    """Import code of its own that the run or the file names."""
    out: Path | None = None
    """FILE.png (a grid), FILE.npz (numbers) or a new folder (one picture each); by default a grid in the run folder,
    called by what was asked for."""


def main(arguments: list[str]) -> None:
    """Draw samples and say where they are."""
    wanted = parse(Sample, "sample", arguments)
    labels = None if wanted.labels is None else wanted.labels.split(",")
    attributes = None if wanted.attributes is None else _pairs("attributes", wanted.attributes)
    codes = None if wanted.codes is None else {_number(k): v for k, v in _pairs("codes", wanted.codes).items()}
    seeds = None if wanted.seeds is None else seeds_in(wanted.seeds)
    if seeds is not None and wanted.seed:
        raise GansmithError(f"--seed {wanted.seed} --seeds {wanted.seeds}: use one of them")
    moves = _moves(wanted)
    from gansmith.generators.latents import read_latents
    from gansmith.runs.loading import load

    gan = load(wanted.run, generator=wanted.generator, trust=wanted.trust)
    latents = None if wanted.latents is None else read_latents(wanted.latents)
    count = 64 if wanted.count is None and seeds is None and latents is None else wanted.count
    out = wanted.out or default_place(wanted, gan.run)
    seed = wanted.seed if seeds is None else seeds
    gan = gan.directions.steered(**moves) if moves else gan
    asked = {"labels": labels, "attributes": attributes, "codes": codes, "latents": latents}
    gan.write(out, count, seed=seed, truncation=wanted.truncation, **asked)
    print(out)


def default_place(wanted: Sample, run: Path | None) -> Path:
    """Return a place in the run's folder, or here for a file alone, whose name keeps what is asked for.

    >>> default_place(Sample(Path("r"), labels="3,7"), Path("r")).name
    'samples-seed-0-labels-3,7.png'
    """
    parts = ["samples"] if run else ["samples", wanted.run.stem]
    parts += ["seeds", wanted.seeds] if wanted.seeds else ["seed", str(wanted.seed)]
    for name in ("count", "truncation", "labels", "attributes", "codes", *MOVES, "quick", "latents", "generator"):
        value = getattr(wanted, name)
        if value != getattr(Sample, name):
            parts += [name, str(value)]
    whole = "-".join(parts)
    name = re.sub(r"[^\w=,.+-]+", "_", whole)
    if name != whole or len(name) > LONGEST:  # what else asks for others would have the same name
        name = f"{name[:LONGEST]}-{hashlib.blake2b(whole.encode(), digest_size=4).hexdigest()}"
    return (run or Path()) / f"{name}.png"


def _moves(wanted: Sample) -> dict[str, Any]:
    """Return how samples are to be moved, empty if they are not."""
    moves: dict[str, Any] = {name: named(getattr(wanted, name)) for name in MOVES[1:] if getattr(wanted, name)}
    if wanted.sliders is not None:
        moves["sliders"] = _pairs("sliders", wanted.sliders)
    elif "hold" in moves:
        raise GansmithError(f"--hold {wanted.hold}: nothing moves; say what does, --sliders Smiling=80")
    elif wanted.quick:
        raise GansmithError("--quick is about sliders, and none moves: --sliders Smiling=80")
    if wanted.quick:
        moves["quick"] = True
    if moves.get("hold") == ["none"]:
        moves["hold"] = []
    return moves


def seeds_in(text: str) -> list[int]:
    """Return the numbers that `1-5,9` names."""
    seeds: list[int] = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, -1)
        if first > last:
            raise GansmithError(f"--seeds {text}: write numbers and ranges with commas between them, 1-5,9")
        seeds += range(first, last + 1)
    return seeds


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
