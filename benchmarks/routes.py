"""Three routes to one thing about a person, in one matrix: sliders, attributes asked for, codes nobody named.

    gansmith train attribute-gan --data portraits --image-size 32 --out runs/asked
    gansmith train infogan --data portraits --image-size 32 --continuous-codes 4 … --out runs/codes
    python benchmarks/routes.py faces runs/asked runs/codes --write     # the tables of docs/steering.md

The judge is that of steering.py, for pictures of 32 pixels: larger ones are averaged down to that. A slider goes from
10 to 90, an attribute that is asked for from 0.1 to 0.9, a continuous code from −1 to 1, as it is drawn.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import torch
from contest.report import write_page
from scipy.stats import spearmanr
from steering import STRANGERS, TIES
from steering_judges import Judge, judge_of
from torch import Tensor
from torch.nn.functional import avg_pool2d

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data.portraits import ATTRIBUTES
from gansmith.generators.latents import Latents
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.effects import HIGH, LOW
from gansmith.records.journal import read_journal

SIDE = 32
LESSON, SHOWN = 12_000, 120_000  # of the judge: portraits, and images it sees in all
SAMPLES = 2000  # from which codes are correlated with attributes
HEADER = ["route", "moved", "moves most", "by", "farthest other", "by", "rank correlation", "nats"]

Told = Callable[[Tensor], Tensor]
"""Pictures (N, 3, S, S) → probabilities (N, A) of attributes."""
Row = tuple[str, str, Tensor, str, str]
"""Route, what was moved, the mean change (A,) of each attribute, its rank correlation and its nats if it has any."""


def told_by(judge: Judge) -> Told:
    """Return what a judge of small pictures says of larger ones."""

    def told(x: Tensor) -> Tensor:
        return torch.cat(
            [judge.logits(avg_pool2d(part, x.shape[-1] // SIDE)).sigmoid() for part in torch.split(x, 250)]
        )

    return told


def change(low: Tensor, high: Tensor) -> Tensor:
    """Return the mean over people of how far each attribute went, (A,), signed where people agree on the direction.

    >>> change(torch.tensor([[0.2, 0.2], [0.4, 0.8]]), torch.tensor([[0.8, 0.8], [0.8, 0.2]]))
    tensor([0.5000, 0.6000])
    """
    moved = high - low
    return moved.mean(dim=0).sign() * moved.abs().mean(dim=0)


def by_sliders(gan: TrainedGenerator, told: Told, people: int) -> Iterator[Row]:
    """Yield a row for each slider of the course."""
    space = gan.directions.space
    points = space.drawn(people, STRANGERS)
    for name in TIES:
        low, high = (told(space.images(gan.directions.move(points, name, value))) for value in (LOW, HIGH))
        yield "slider", name, change(low, high), "", ""


def by_asking(gan: TrainedGenerator, told: Told, people: int) -> Iterator[Row]:
    """Yield a row for each of them that is asked for."""
    for name in TIES:
        low, high = (told(made(gan, people, ATTRIBUTES.index(name), value / 100)) for value in (LOW, HIGH))
        yield "asked for", name, change(low, high), "", ""


def by_codes(gan: TrainedGenerator, told: Told, people: int, nats: dict[str, float]) -> Iterator[Row]:
    """Yield a row for each continuous code, and one for each set of categories: its two that are farthest apart."""
    latents = gan.latents(SAMPLES, STRANGERS)
    seen = told(torch.cat([*gan.make(latents)]))
    assert latents.c is not None
    start = 0
    for n, size in enumerate(gan.condition.categorical):
        known = f"{nats[f'c{n + 1}']:.2f}"
        means = torch.stack([seen[latents.c[:, start + k] > 0.5].mean(dim=0) for k in range(size)])
        yield "code", f"c{n + 1}, the farthest of {size} categories", means.amax(dim=0) - means.amin(dim=0), "", known
        start += size
    for n in range(gan.condition.continuous):
        low, high = (told(made(gan, people, start + n, value)) for value in (-1.0, 1.0))
        moved = change(low, high)
        rank = spearmanr(latents.c[:, start + n], seen[:, moved.abs().argmax()]).statistic
        name = f"c{len(gan.condition.categorical) + n + 1}"
        yield "code", name, moved, f"{rank:.2f}", f"{nats[name]:.2f}"


def made(gan: TrainedGenerator, people: int, k: int, value: float) -> Tensor:
    """Return pictures of people, one number of whose conditions is a given one."""
    latents = gan.latents(people, STRANGERS)
    assert latents.c is not None
    c = latents.c.clone()
    c[:, k] = value
    return torch.cat([*gan.make(Latents(latents.z, c))])


def nats_of(gan: TrainedGenerator) -> dict[str, float]:
    """Return the bound on what each code shares with samples, the mean of the last ten in the journal."""
    assert gan.run is not None
    entries = [entry for entry in read_journal(gan.run / "journal.jsonl") if "information/c1" in entry][-10:]
    names = [name.split("/")[1] for name in entries[-1] if name.startswith("information/")]
    return {name: sum(entry[f"information/{name}"] for entry in entries) / len(entries) for name in names}


def tables(rows: list[Row], about: str) -> str:
    """Return what moves what: the summary, and all of it in hundredths."""
    summary, whole = [], []
    for route, name, moved, rank, nats in rows:
        target = ATTRIBUTES.index(name) if name in TIES else int(moved.abs().argmax())
        loose = [i for i, other in enumerate(ATTRIBUTES) if i != target and other not in TIES.get(name, set())]
        far = max(loose, key=lambda i, moved=moved: float(moved[i].abs()))  # type: ignore[misc]
        cells = [ATTRIBUTES[target], f"{float(moved[target]):.2f}", ATTRIBUTES[far], f"{float(moved[far].abs()):.2f}"]
        summary.append([route, name, *cells, rank, nats])
        whole.append([f"{route} {name.split(',')[0]}", *(f"{100 * float(v.abs()):.0f}" for v in moved)])
    turned = [list(row) for row in zip(["", *ATTRIBUTES], *whole, strict=True)]
    both = [markdown(HEADER, summary), "In hundredths, all attributes:", markdown(turned[0], turned[1:])]
    return "\n\n".join([about, *(part.strip() for part in both)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", help="a generator of portraits with directions")
    parser.add_argument("asked", help="one that takes attributes")
    parser.add_argument("codes", help="the run folder of one with codes")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/steering.md")
    chosen = parser.parse_args()
    faces, asked, coded = (gansmith.load(run) for run in (chosen.faces, chosen.asked, chosen.codes))
    judge = judge_of(SIDE, LESSON, SHOWN)
    told = told_by(judge)
    rows = [*by_sliders(faces, told, chosen.people), *by_asking(asked, told, chosen.people)]
    rows += by_codes(coded, told, chosen.people, nats_of(coded))
    r2 = judge.scores.r2
    about = (
        f"{chosen.people} people; pictures of {SIDE} pixels. The judge's R² on {judge.scores.images:,} portraits it "
        f"has not seen: {r2.nanmean():.2f} on average, {float(r2[~r2.isnan()].min()):.2f} at least."
    )
    text = tables(rows, about)
    print(text)
    if chosen.write:
        write_page(text, "routes", "steering.md")


if __name__ == "__main__":
    main()
