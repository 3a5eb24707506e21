"""The shipped generator of faces: trained, measured beside others, shown, and put into the package.

    gansmith train style --data portraits --out runs/faces
    python benchmarks/faces.py measure runs/faces runs/dcgan      # figures of each against 10,000 held-out portraits
    python benchmarks/faces.py sheets runs/faces                  # what docs/faces.md shows
    python benchmarks/faces.py ship runs/faces --command "gansmith train style …"   # into the package, figures inside

The judge is a predictor of attributes that has learnt from portraits of another seed. Its hidden units, 256, and its
26 probabilities are the features. Threads are as OMP_NUM_THREADS says.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
from pathlib import Path
from typing import NamedTuple

import torch
from contest.report import write_page
from safetensors.torch import save
from torch import Tensor
from verdicts import discriminator_of

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data.images import to_range
from gansmith.data.portraits import ATTRIBUTES, HELD_OUT, draw, portraits
from gansmith.files import write_atomically
from gansmith.generators.file import KEY, SHIPPED, read_description, weights_of
from gansmith.generators.pictures import grid
from gansmith.latent import lesson_of, predictor_of
from gansmith.metrics.frechet import fid
from gansmith.metrics.kernel import kid
from gansmith.metrics.neighbours import support
from gansmith.records.run_folder import RunFolder

SIDE, COUNT, TRAINED, LOOKED_UP, LESSON = 64, 10_000, 20_000, 2_000, 8_000
RARE = 0.005  # quantile of held-out portraits' distances to the nearest portrait of training
IMAGES = Path(__file__).parents[1] / "docs" / "images"


class Seen(NamedTuple):
    """What the judge sees in images."""

    hidden: Tensor
    """(N, 256)"""
    attributes: Tensor
    """(N, 26) probabilities."""


@functools.cache
def judge() -> torch.nn.Module:
    """Return the predictor, which has learnt from 12,000 portraits of seed 1."""
    return predictor_of(lesson_of(portraits(SIDE, 12_000, seed=1)), seed=1, shown=150_000)


@torch.no_grad()
def look(images: Tensor) -> Seen:
    """Return what the judge sees in images, bytes or in [−1, 1]."""
    network = judge()
    parts = []
    for part in torch.split(images, 500):
        hidden = network.body[:-1](to_range(part) if part.dtype == torch.uint8 else part)  # type: ignore[index,operator]
        parts.append((hidden, network.body[-1](hidden).sigmoid()))  # type: ignore[index,operator]
    return Seen(*(torch.cat(each) for each in zip(*parts, strict=True)))


@functools.cache
def held_out() -> Seen:
    """Return what the judge sees in portraits that no generator has learnt from."""
    return look(draw(0, range(HELD_OUT, HELD_OUT + COUNT), SIDE)[0])


@functools.cache
def learnt_from() -> Seen:
    """Return what the judge sees in those of training."""
    return look(draw(0, range(TRAINED), SIDE)[0])


def figures(seen: Seen) -> dict[str, float]:
    """Return figures of images against held-out portraits."""
    real = held_out()
    found: dict[str, float] = {}
    for name, x, y in (("hidden", real.hidden, seen.hidden), ("attributes", real.attributes, seen.attributes)):
        both = support(x, y)
        found |= {f"FID, {name}": fid(x, y), f"KID, {name}": float(kid(x, y)[0])}
        found |= {f"precision, {name}": both.precision, f"recall, {name}": both.recall}
    return found | {"near to a portrait of training": near(seen.hidden[:LOOKED_UP])}


def near(hidden: Tensor) -> float:
    """Return how many lie nearer to a portrait of training than all but 0.5 % of held-out ones do."""
    known = learnt_from().hidden
    usual = torch.cat([torch.cdist(part, known).amin(dim=1) for part in torch.split(held_out().hidden, 500)])
    own = torch.cat([torch.cdist(part, known).amin(dim=1) for part in torch.split(hidden, 500)])
    return float((own < usual.quantile(RARE)).double().mean())


def shares(own: Tensor) -> tuple[list[list[str]], str]:
    """Return a row for every attribute, of data and samples, and the combinations with skin that have become rare.

    A combination is a half of the skin tones and a side of another attribute; it is rare below half of its share.
    """
    real = held_out().attributes
    rows = []
    for name, x, y in zip(ATTRIBUTES, real.T, own.T, strict=True):
        over = [f"{float((v > 0.5).double().mean()):.0%}" for v in (x, y)]
        rows.append([name, *over, f"{float(x.std()):.2f}", f"{float(y.std()):.2f}"])
    skin, rare = ATTRIBUTES.index("Skin_Tone"), []
    for i, dark, side in itertools.product(range(len(ATTRIBUTES)), (False, True), (False, True)):
        share = [float((((v[:, skin] > 0.5) == dark) & ((v[:, i] > 0.5) == side)).double().mean()) for v in (real, own)]
        if i != skin and share[1] < share[0] / 2:
            where = f"{ATTRIBUTES[i]} {'over' if side else 'under'} ½ on {'dark' if dark else 'light'} skin"
            rare.append(f"{where} ({share[1]:.1%} for {share[0]:.1%})")
    return rows, "; ".join(rare) or "none"


def measure(runs: list[str], write: bool) -> None:
    """Print figures of generators, and the attributes of the first."""
    gans = {Path(run).stem: gansmith.load(run) for run in runs}
    found = {name: figures(look(gan.sample(COUNT, seed=11))) for name, gan in gans.items()}
    found["portraits of another seed"] = figures(look(draw(2, range(COUNT), SIDE)[0]))
    first = next(iter(gans))
    rows, rare = shares(look(gans[first].sample(COUNT, seed=11)).attributes)
    names = list(found[first])
    text = markdown(["", *found], [[name, *(f"{each[name]:.3g}" for each in found.values())] for name in names])
    text += "\n\n" + markdown(["over ½ by the judge", "data", first, "deviation of data", f"of {first}"], rows)
    text += f"\n\nCombinations with a half of the skin tones whose share is below half of the data's: {rare}."
    print(text)
    if write:
        write_page(text, "figures", "faces.md")


def sheets(run: str) -> None:
    """Write a hundred faces, and the 20 of 1,000 that a discriminator likes least that has learnt for this alone."""
    gan = gansmith.load(run)
    grid(gan.sample(100, seed=1), 10, tile=SIDE + 16).save(IMAGES / "faces.png", optimize=True)
    real = to_range(draw(0, range(HELD_OUT, HELD_OUT + LESSON), SIDE)[0])
    discriminator = discriminator_of(real, gan.sample(LESSON, seed=3), shown=60_000)
    x = gan.sample(1000, seed=2)
    worst = x[discriminator.logits(x)[:, 0].argsort()[:20]]
    grid(worst, 10, tile=SIDE + 16).save(IMAGES / "faces-least.png", optimize=True)


def ship(run: str, command: str) -> None:
    """Put a generator into the package, with the command that made it and its figures."""
    gan = gansmith.load(run)
    path = gan.file or RunFolder(Path(run)).generator("last")
    description = read_description(path)
    assert description is not None
    known = {name: float(f"{value:.3g}") for name, value in figures(look(gan.sample(COUNT, seed=11))).items()}
    description["made_by"] |= {"command": command, "figures": known}
    text = json.dumps(description, sort_keys=True, separators=(",", ":"))
    whole = save(weights_of(path), {"format": "pt", "step": str(gan.step), KEY: text})
    SHIPPED.mkdir(exist_ok=True)
    write_atomically(SHIPPED / "faces.safetensors", lambda place: place.write_bytes(whole))
    print(json.dumps(description["made_by"]["figures"], indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("measure", "sheets", "ship"))
    parser.add_argument("runs", nargs="+", help="run folders or generators' files; the first is the one")
    parser.add_argument("--command", default="", help="that made it")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/faces.md")
    chosen = parser.parse_args()
    if chosen.what == "measure":
        measure(chosen.runs, chosen.write)
    elif chosen.what == "sheets":
        sheets(chosen.runs[0])
    else:
        ship(chosen.runs[0], chosen.command)
