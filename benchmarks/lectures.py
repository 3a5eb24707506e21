"""What the lectures say happens in training, measured on the ring and on MNIST: tables and sheets of docs/course.

    python benchmarks/lectures.py rates competence losses --out runs/lectures
    python benchmarks/lectures.py overfitting collapse timeline --mnist mnist/train.parquet --out runs/lectures
    python benchmarks/lectures.py architectures --cifar cifar10/train.parquet --out runs/lectures

Every run is kept as a small file when it ends: start the same again to go on after an interruption. Times are those of
one thread's processor. Pictures are of generated samples alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from lecture.architectures import play
from lecture.common import Numbers, digits, faces, kept, on_pictures, on_the_ring, samples, scores, spread, trained
from lecture.page import write
from torch import Tensor

from gansmith.cli.tables import markdown
from gansmith.data.toys import ring
from gansmith.training.pictures import grid, save_picture

SEEDS = 3
RING: dict[str, Any] = {"hidden": 64, "batch": 128, "latent": 2, "schedule": "cosine"}
MLP: dict[str, Any] = {"network": "mlp", "hidden": 256, "batch": 64, "latent": 64}
"""Fully connected players for digits."""
CONVOLUTIONS: dict[str, Any] = {"network": "dcgan", "width": 8, "batch": 32, "latent": 64}
"""Convolutional players for digits of 32 × 32."""

RATES: dict[str, dict[str, Any]] = {
    "one rate for both": {},
    "smaller rates, a quarter": {"discriminator.lr": 0.25, "generator.lr": 0.25},
    "two rates, D four times G's": {"discriminator.lr": 2.0, "generator.lr": 0.5},
    "lookahead (extragradient)": {"dynamics": "extragradient"},
}
"""The lecture's three cures: factors of the rate, or the dynamics."""


def faster(changes: dict[str, Any], lr: float) -> dict[str, Any]:
    """Return changes whose factors of the rate are rates."""
    scaled = {name: lr * value if name.endswith(".lr") else value for name, value in changes.items()}
    return {"lr": lr, **scaled}


def rates(out: Path, mnist: str | None) -> None:
    """The three cures of the saddle on networks, same updates of each, three seeds."""
    rows = []
    for name, changes in RATES.items():
        on_ring, on_mnist = [], []
        for seed in range(SEEDS):
            slug = f"rates/{''.join(c for c in name if c.isalnum())}-{seed}.json"
            settings = RING | faster(changes, 2e-3) | {"steps": 1500, "seed": seed}
            on_ring.append(kept(out / "ring" / slug, partial(_ring, settings)))
            if mnist:
                settings = MLP | faster(changes, 1e-3) | {"steps": 1000, "seed": seed}
                on_mnist.append(kept(out / "mnist" / slug, partial(_digits, mnist, settings)))
        row = [name, *(spread(on_ring, figure) for figure in ("modes", "high quality", "right"))]
        rows.append(row + [spread(on_mnist, figure) for figure in ("fid", "recall") if on_mnist])
    header = ["", "ring: modes of 8", "high quality", "D right"] + (["MNIST: FID", "recall"] if mnist else [])
    _write(out, "rates", header, rows)


def _ring(settings: dict[str, Any]) -> Numbers:
    return on_the_ring(trained("nsgan", ring(), settings))


def _digits(mnist: str, settings: dict[str, Any]) -> Numbers:
    return on_pictures(trained("nsgan", digits(mnist, 6000), settings), digits(mnist, 2000, skip=6000))


def competence(out: Path, _: str | None) -> None:
    """k = 1, 2, 3, 4 steps of D on the ring: how many of D's answers are right, along the run and at its end."""
    rows = []
    for k in (1, 2, 3, 4):
        runs = []
        for seed in range(SEEDS):
            settings = RING | {"lr": 1e-3, "n_critic": k, "steps": 1500, "seed": seed}
            runs.append(kept(out / f"competence/{k}-{seed}.json", partial(_competence, settings)))
        rows.append([str(k), *(spread(runs, figure) for figure in ("right along", "right", "modes", "high quality"))])
    _write(out, "competence", ["k", "D right, mean along", "at the end", "modes of 8", "high quality"], rows)


def _competence(settings: dict[str, Any]) -> Numbers:
    along: list[float] = []
    marks = range(250, settings["steps"] + 1, 250)
    trainer = trained("nsgan", ring(), settings, marks, lambda t: along.append(on_the_ring(t)["right"]))
    return on_the_ring(trainer) | {"right along": sum(along) / len(along)}


def overfitting(out: Path, mnist: str | None) -> None:
    """50, 500 and 5,000 digits: copies, figures against held-out ones, and D's gap between seen and held-out."""
    rows = []
    for count in (50, 500, 5000):
        runs = [
            kept(out / f"overfitting/{count}-{seed}.json", partial(_overfitting, _need(mnist), count, seed, out))
            for seed in range(SEEDS)
        ]
        rows.append(
            [f"{count:,}", *(spread(runs, name) for name in ("copies", "fid", "recall", "seen", "held", "fake"))]
        )
    header = ["digits", "nearer to a digit it saw than digits are", "FID, held-out", "recall"]
    _write(out, "overfitting", [*header, "D(seen)", "D(held-out)", "D(fake)"], rows)


def _overfitting(mnist: str, count: int, seed: int, out: Path) -> Numbers:
    seen, held = digits(mnist, count, side=32), digits(mnist, 2000, skip=6000, side=32)
    trainer = trained("nsgan", seen, CONVOLUTIONS | {"lr": 1e-3, "steps": 2000, "seed": seed})
    if seed == 0:
        _picture(out, f"overfitting-{count}", samples(trainer, 32))
    fake = samples(trainer, 2000)
    nearest = torch.cdist(fake.flatten(1), seen.flatten(1)).min(dim=1).values
    usual = torch.cdist(held.flatten(1), seen.flatten(1)).min(dim=1).values
    judged = {"seen": seen[:2000], "held": held, "fake": fake}
    found = {name: float(torch.sigmoid(scores(trainer, x)).mean()) for name, x in judged.items()}
    return on_pictures(trainer, held) | found | {"copies": float((nearest < usual.quantile(0.05)).float().mean())}


COLLAPSES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "few": ({"lr": 3e-3, "batch": 32, "steps": 1500}, {"lr": 1e-3}),
    "one": ({"generator.lr": 4e-3, "discriminator.lr": 5e-4, "batch": 32, "steps": 1500}, {"generator.lr": 5e-4}),
}
"""Settings that collapse on MNIST, and what is changed of them."""


def collapse(out: Path, mnist: str | None) -> None:
    """Collapse on MNIST and its cure, same seed, raw generator: strips of the same twelve noises along the run."""
    rows = []
    for name, (failing, cure) in COLLAPSES.items():
        for side, settings in (("fails", failing), ("cured", failing | cure)):
            found = kept(
                out / f"collapse/{name}-{side}-0.json",
                partial(_strips, _need(mnist), settings, f"{name}-{side}", out),
            )
            rows.append([name, side, *(f"{found[figure]:.3g}" for figure in ("diversity", "fid", "recall"))])
    _write(out, "collapse", ["", "", "distance between samples, of digits'", "FID", "recall"], rows)


def _strips(mnist: str, settings: dict[str, Any], name: str, out: Path) -> Numbers:
    rows: list[Tensor] = []
    steps = settings["steps"]
    marks = [steps * i // 6 for i in range(1, 7)]
    seen = digits(mnist, 6000, side=32)
    trainer = trained(
        "nsgan", seen, MLP | {"schedule": "constant"} | settings, marks, lambda t: rows.append(samples(t, 12))
    )
    _picture(out, f"collapse-{name}", torch.cat(rows), columns=12)
    fake, held = samples(trainer, 1000), digits(mnist, 2000, skip=6000, side=32)
    apart = float(torch.pdist(fake.flatten(1)).mean() / torch.pdist(held[:1000].flatten(1)).mean())
    return on_pictures(trainer, held) | {"diversity": apart}


def timeline(out: Path, mnist: str | None, last: int = 5000) -> None:
    """DCGAN after 100, 1,000, 5,000 (and with --long 50,000) updates of G, the same noises."""
    marks = [step for step in (100, 1000, 5000, 50_000) if step <= last]
    shown: list[Tensor] = []

    def compute() -> Numbers:
        settings = {"width": 8, "batch": 32, "steps": marks[-1], "schedule": "constant", "seed": 0}
        trained("dcgan", digits(_need(mnist), 6000, side=32), settings, marks, lambda t: shown.append(samples(t, 10)))
        for step, row in zip(marks, shown, strict=True):
            _picture(out, f"timeline-{step}", row, columns=10)
        return {"last": float(marks[-1])}

    kept(out / f"timeline/{marks[-1]}.json", compute)


def losses(out: Path, _: str | None) -> None:
    """LSGAN, DCGAN's loss and EBGAN at one budget on drawn faces, convolutional players, figures under samples."""
    rows = []
    for name in ("lsgan", "dcgan", "ebgan"):
        found = kept(out / f"losses/{name}.json", partial(_loss, name, out))
        rows.append([name, *(f"{found[figure]:.3g}" for figure in ("fid", "kid", "recall", "seconds"))])
    _write(out, "losses", ["", "FID", "KID", "recall", "seconds"], rows)


def _loss(name: str, out: Path) -> Numbers:
    settings = {"width": 16, "batch": 32, "steps": 6000, "schedule": "cosine", "lr": 2e-4, "seed": 0}
    trainer = trained(name, faces(8000), settings | {"network": "dcgan"})
    _picture(out, f"losses-{name}", samples(trainer, 32), columns=16)
    return on_pictures(trainer, faces(2000, skip=10_000))


def architectures(out: Path, cifar: str | None) -> None:
    """Seven pairs of networks under five losses, the same number of moves of D in every cell."""
    play(_need(cifar, "pictures: --cifar"), out)


def _need(table: str | None, what: str = "digits: --mnist") -> str:
    if table is None:
        raise SystemExit(f"this part needs {what} FILE.parquet")
    return table


def _picture(out: Path, name: str, images: Tensor, columns: int = 16) -> None:
    out.mkdir(parents=True, exist_ok=True)
    save_picture(grid(images, columns, tile=28), out / f"{name}.png")


def _write(out: Path, name: str, header: list[str], rows: list[list[str]]) -> None:
    (out / f"{name}.md").write_text(markdown(header, rows), encoding="utf-8")
    print((out / f"{name}.md").read_text(encoding="utf-8"), flush=True)


PARTS: dict[str, Callable[[Path, str | None], None]] = {
    part.__name__: part for part in (rates, competence, overfitting, collapse, timeline, losses, architectures)
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--write", type=Path, default=None, help="docs/course, where the page and its figures are")
    parser.add_argument("--out", type=Path, default=Path("runs/lectures"))
    parser.add_argument("--mnist", default=None, help="a table of 28 x 28 digits")
    parser.add_argument("--cifar", default=None, help="a table of 32 x 32 colour pictures")
    parser.add_argument("--long", action="store_true", help="the timeline up to 50,000 updates")
    arguments = parser.parse_args()
    for chosen in arguments.parts:
        if chosen == "timeline" and arguments.long:
            timeline(arguments.out, arguments.mnist, 50_000)
        else:
            PARTS[chosen](arguments.out, arguments.cifar if chosen == "architectures" else arguments.mnist)
    if arguments.write:
        write(arguments.out, arguments.write)
