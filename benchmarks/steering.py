"""Do sliders move one thing about a drawn person and leave the rest alone? The tables of docs/steering.md.

    python benchmarks/steering.py RUN                # a run, a generator's file or name, trained on portraits
    python benchmarks/steering.py RUN --write        # and put the tables into docs/steering.md
    python benchmarks/steering.py RUN --small        # 40 people, one fit, a judge that has seen less
    python benchmarks/steering.py RUN --miniature    # whether it works at all, in a minute
    python benchmarks/steering.py RUN --strips       # five people along each slider, the pictures of that page

The judge is a network of another form and seed than those that steer, and has learnt from other portraits. Whether a
person stays the same tells a network that has learnt to tell apart people who are drawn anew with other values of
exactly the attributes that are moved.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from contest.report import DOCS, write_page
from steering_judges import Identity, judge_of, learn_identity

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data.portraits import ATTRIBUTES, portraits
from gansmith.generators.latents import Latents
from gansmith.generators.pictures import grid
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent import ensemble_of, learn_directions, lesson_of
from gansmith.latent.directions import CONDITIONAL, ORTHOGONAL, PLAIN, QUICK, Directions
from gansmith.latent.effects import HIGH, LOW, effects, told_by
from gansmith.latent.kept import SHOWN_EACH
from gansmith.latent.strips import COLUMNS, PEOPLE

HAIR = {"Brown_Hair", "Black_Hair", "Blond_Hair", "Red_Hair", "Gray_Hair"}
TIES: dict[str, set[str]] = {
    "Young": HAIR,
    "Smiling": set(),
    "Male": {"Hair_Length", "Wavy_Hair", "Bangs", "Bald", "No_Beard", "Mustache"}
    | {"Wearing_Earrings", "Wearing_Lipstick", "Heavy_Makeup"},
    "Brown_Hair": (HAIR | {"Young"}) - {"Brown_Hair"},
}
"""What moves along with each target by the way portraits are drawn: docs/portraits.md, "What goes together"."""
LEAST = {"Young": 0.5, "Smiling": 0.5, "Male": 0.5, "Brown_Hair": 0.4}
"""By how much a target has to rise from 10 to 90."""
MOST = {"Young": 1 / 3, "Smiling": 1 / 3, "Male": 1 / 3, "Brown_Hair": 1 / 2}
"""How far any other attribute may go, as a share of that."""
ALONE = "conditional steering, by one network alone"
STRANGERS = 2**42  # seed of the people who are moved


@dataclass(frozen=True)
class Size:
    """How much is learnt and measured."""

    lesson: int = 20_000
    """Portraits that the steering networks learn from."""
    judge: int = 20_000
    """Other portraits, that the judge learns from."""
    shown: int = 200_000
    """Images that the judge sees in all."""
    each: int = SHOWN_EACH
    """Images that each of the networks that steer sees."""
    twins: int = 4000
    """People who are drawn several times."""
    rounds: int = 1500
    """Minibatches in which they are told apart."""
    samples: int = 10_000
    """Of the generator, that are labelled."""
    people: int = 200
    """Who are moved."""
    seeds: int = 3
    """Of the fit."""
    changes: int = 200
    """Of sliders, that are timed."""


SMALL = Size(judge=12_000, shown=80_000, twins=1000, rounds=400, people=40, seeds=1, changes=50)
MINIATURE = Size(200, 200, 2000, 500, 64, 20, 200, 12, 2, 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="run folder, generator's file or name, trained on portraits")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--small", action="store_true", help="less of everything")
    parser.add_argument("--miniature", action="store_true", help="too little of everything")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/steering.md")
    parser.add_argument("--strips", action="store_true", help="draw what docs/steering.md shows, and nothing else")
    options = parser.parse_args()
    gan = gansmith.load(options.run, device=options.device)
    if options.strips:
        draw_strips(gan)
        return
    text = measured(gan, MINIATURE if options.miniature else SMALL if options.small else Size())
    print(text)
    if options.write:
        write_page(text, "sliders", "steering.md")


def measured(gan: TrainedGenerator, size: Size) -> str:
    """Return the tables."""
    side = gan.shape[-1]
    judge = judge_of(side, size.judge, size.shown)
    data = portraits(side, size.lesson)
    own = ensemble_of(lesson_of(data), size.each)
    wanted: dict[str, Any] = {"samples": size.samples, "people": 2, "without_labels": "none", "predictor": own}
    fits = [learn_directions(gan, data, seed=seed, **wanted) for seed in range(size.seeds)]
    told = told_by(fits[0].space, judge)
    people = fits[0].space.drawn(size.people, STRANGERS)
    rows = [ATTRIBUTES.index(name) for name in TIES]
    found: dict[str, list[torch.Tensor]] = {}
    for fit in fits:
        for way, move in ways(fit).items():
            found.setdefault(way, []).append(effects(told, people, rows, move))
    one = learn_directions(gan, data, **wanted | {"predictor": own.members[0]})
    found[ALONE] = [effects(told, people, rows, ways(one)[CONDITIONAL])]
    identity = learn_identity(side, size.twins, size.rounds)
    scores = judge.scores
    parts = [
        f"{gan.name}, step {gan.step:,}, {side} pixels; {size.people} people, {size.seeds} fits. The judge's R² on "
        f"{scores.images:,} portraits it has not seen: {scores.r2.nanmean():.2f} on average, "
        f"{float(scores.r2[~scores.r2.isnan()].min()):.2f} at least.",
        "**How far the target rises from 10 to 90, and which other attribute goes farthest**",
        markdown(["", "moved", "rise", "farthest other", "share of the rise", "bound", ""], leaks(found)),
        f"**All of it, in hundredths, by {CONDITIONAL}, mean over the fits** (tied attributes in brackets)",
        markdown(["moved", *ATTRIBUTES], whole(found[CONDITIONAL])),
        "**Whether the person stays the person**: similarity before and after, from −1 to 1",
        markdown(["", "similarity", "share of one person's"], likeness(fits[0], identity, people)),
        timing(gan, fits[0], size.changes),
    ]
    return "\n\n".join(part.strip() for part in parts)


def draw_strips(gan: TrainedGenerator) -> None:
    """Write a picture for each target: five people in rows, its slider from 0 to 100 in columns."""
    points, places = gan.directions.space.drawn(PEOPLE, 0), torch.linspace(0, 100, COLUMNS)
    for name in TIES:
        moved = [gan.directions.space.images(gan.directions.move(points, name, float(place))) for place in places]
        whole = grid(torch.stack(moved, dim=1).flatten(0, 1), COLUMNS)
        whole.save(DOCS / "images" / f"slider-{name.lower()}.webp", quality=90)


def ways(fit: Directions) -> dict[str, Callable[[torch.Tensor, int, float], torch.Tensor]]:
    """Return the ways in which attributes are moved."""

    def straight(axes: Any) -> Callable[[torch.Tensor, int, float], torch.Tensor]:
        return lambda points, i, value: fit.along(axes, points, ATTRIBUTES[i], value)

    found = {PLAIN: straight(fit.axes)}
    found |= {} if fit.orthogonal is None else {ORTHOGONAL: straight(fit.orthogonal)}
    found[QUICK] = lambda points, i, value: fit.move(points, ATTRIBUTES[i], value, quick=True)
    return found | {CONDITIONAL: lambda points, i, value: fit.move(points, ATTRIBUTES[i], value)}


def leaks(found: dict[str, list[torch.Tensor]]) -> list[list[str]]:
    """Return a row for each way and target: of each fit the rise, and the untied attribute that goes farthest."""
    rows = []
    for way, matrices in found.items():
        for k, (target, ties) in enumerate(TIES.items()):
            others = [i for i, name in enumerate(ATTRIBUTES) if name != target and name not in ties]
            rises = [float(m[k, ATTRIBUTES.index(target)]) for m in matrices]
            far = [max(others, key=lambda i, m=m: float(m[k, i])) for m in matrices]  # type: ignore[misc]
            shares = [float(m[k, i]) / rise for m, i, rise in zip(matrices, far, rises, strict=True)]
            kept = min(rises) >= LEAST[target] and max(shares) <= MOST[target]
            bound = f"≥ {LEAST[target]:g}, ≤ {MOST[target]:.2f}"
            names = ", ".join(dict.fromkeys(ATTRIBUTES[i] for i in far))
            rows.append([way, target, spread(rises), names, spread(shares), bound, "kept" if kept else "broken"])
    return rows


def whole(matrices: Sequence[torch.Tensor]) -> list[list[str]]:
    """Return the mean matrix in hundredths."""
    mean = 100 * torch.stack(list(matrices)).mean(dim=0)
    rows = []
    for (target, ties), row in zip(TIES.items(), mean.tolist(), strict=True):
        cells = [f"({v:.0f})" if name in ties else f"{v:.0f}" for name, v in zip(ATTRIBUTES, row, strict=True)]
        rows.append([target, *cells])
    return rows


def likeness(fit: Directions, identity: Identity, people: torch.Tensor) -> list[list[str]]:
    """Return similarities of drawn people, and of the generator's before and after each slider's move."""
    images, one = fit.space.images, identity.same
    before = images(people)
    rows = [
        ["two drawings of one person", f"{one:.2f}", "100 %"],
        ["two different people, drawn", f"{identity.different:.2f}", share(identity.different, one)],
    ]
    strangers = float(identity.similarity(before, before.roll(1, dims=0)).mean())
    rows.append(["two different people, generated", f"{strangers:.2f}", share(strangers, one)])
    for target in TIES:
        after = [identity.similarity(before, images(fit.move(people, target, value))) for value in (LOW, HIGH)]
        mean = float(torch.cat(after).mean())
        rows.append([f"{target} moved to 10 or 90", f"{mean:.2f}", share(mean, one)])
    return rows


def timing(gan: TrainedGenerator, fit: Directions, changes: int) -> str:
    """Return the median times of one slider change, latents to picture, of both ways."""
    vars(gan)["directions"] = fit
    latents: Latents = gan.latents(1, 7)
    told = []
    for quick in (False, True):
        seconds = []
        for i in range(changes + 5):
            start = time.perf_counter()
            gan.steer(latents, {"Smiling": float(i * 37 % 101)}, quick=quick)
            seconds.append(time.perf_counter() - start)
        told.append(f"{1000 * statistics.median(seconds[5:]):.0f} ms{' by quick steering' if quick else ''}")
    threads = torch.get_num_threads()
    return f"One slider change, latent to picture: {', '.join(told)}; medians of {changes}, threads {threads}."


def share(value: float, whole: float) -> str:
    """Return a percentage.

    >>> share(0.5, 1.0)
    '50 %'
    """
    return f"{100 * value / whole:.0f} %"


def spread(values: Sequence[float]) -> str:
    """Return the mean, and the range behind it."""
    return f"{statistics.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
