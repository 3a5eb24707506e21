"""How near do a generator's samples come to pictures? The tables of docs/editing.md.

    python benchmarks/inversion.py RUN                        # 200 own samples, 200 held-out pictures, every measure
    python benchmarks/inversion.py RUN --held mnist/test.parquet
    python benchmarks/inversion.py RUN --count 16 --measures pyramid,pixels      # small

Own samples can be met exactly; pictures of the data cannot. Portraits that the generator has not seen are drawn; other
data are named by --held. Features are those of a network that learns attributes or classes from the training data. The
seconds are wall time of one process, and those of its processor.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data import Source, open_dataset
from gansmith.data.dataset import first
from gansmith.data.portraits import HELD_OUT, draw
from gansmith.generators.pictures import grid
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent import Coordinates, Encoder, Inversion, Search, Space, encoder_of, invert, nearness
from gansmith.latent.measures import Nearness
from gansmith.runs.inverting import judges_of

OWN = 2**44  # seed of the samples that are inverted
HEADER = ["", "near", "PSNR, dB", "SSIM", "features", "rarer than", "s a picture", "of the processor"]
WAYS = {
    "encoder alone": (True, Search(steps=0)),
    "optimisation alone": (False, Search(steps=100, restarts=2)),
    "both, 40 steps": (True, Search(steps=40)),
    "both, 400 steps": (True, Search(steps=400)),
}


def held_out(gan: TrainedGenerator, data: str | None, count: int) -> Tensor:
    """Return pictures (count, C, H, W) that the generator has not seen."""
    if data is not None:
        opened = open_dataset(Source(data, image_size=gan.shape[-1]))
        return torch.cat([batch.x for batch in first(opened, count)])
    return draw(0, range(HELD_OUT, HELD_OUT + count), gan.shape[-1])[0] / 127.5 - 1


def row(name: str, near: str, found: Inversion, features: Nearness | None, processor: float) -> list[str]:
    """Return the row of a table: medians."""
    seen = "" if features is None else f"{float(features.distance(found.samples, found.pictures).median()):.3f}"
    n = len(found.psnr)
    numbers = [f"{float(found.psnr.median()):.1f}", f"{float(found.ssim.median()):.3f}", seen]
    return [
        name,
        near,
        *numbers,
        f"{float(found.rarity.median()):.0%}",
        f"{found.seconds / n:.2f}",
        f"{processor / n:.2f}",
    ]


def rows(
    coordinates: Coordinates,
    encoder: Encoder,
    pictures: Tensor,
    measures: Sequence[Nearness],
    features: Nearness | None,
    ways: Sequence[str],
) -> Iterator[tuple[list[str], Inversion]]:
    """Yield a row for each way and measure; without steps a measure changes nothing."""
    for way in ways:
        with_encoder, search = WAYS[way]
        for near in measures if search.steps else measures[:1]:
            begun = time.process_time()
            found = invert(coordinates, pictures, near, encoder if with_encoder else None, search)
            name = "+".join(near.names) if search.steps else ""
            made = row(way, name, found, features, time.process_time() - begun)
            print(" | ".join(made), flush=True)
            yield made, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--held", help="pictures that were not trained on")
    parser.add_argument("--measures", default="pyramid,pixels,attributes,pyramid+attributes")
    parser.add_argument("--features", choices=["attributes", "classifier", "none"], default="attributes")
    parser.add_argument("--ways", default=",".join(WAYS).replace("both, ", "both; "), help="with commas between them")
    parser.add_argument("--sheet", type=Path, help="FILE.png for held-out pictures beside their samples")
    asked = parser.parse_args()
    gan = gansmith.load(asked.run)
    coordinates = Coordinates(Space(gan))
    encoder = encoder_of(coordinates)
    names = asked.measures.split(",")
    judged = {part for name in names for part in name.split("+")} | {asked.features}
    judges = judges_of(gan, [*judged], None, False)
    measures = [nearness(name.split("+"), coordinates, judges) for name in names]
    features = None if asked.features == "none" else nearness([asked.features], coordinates, judges)
    ways = [way.replace("both; ", "both, ") for way in asked.ways.split(",")]
    own = coordinates.space.images(coordinates.space.drawn(asked.count, OWN))
    print(f"encoder: R² {float(encoder.r2):.2f} of coordinates of samples not seen, each as much as it varies\n")
    print(f"{asked.count} own samples")
    first_rows = [made for made, _ in rows(coordinates, encoder, own, measures[:1], features, ways)]
    print(f"\n{asked.count} pictures held out")
    held = [*rows(coordinates, encoder, held_out(gan, asked.held, asked.count), measures, features, ways)]
    for title, found in (("own samples", first_rows), ("held out", [made for made, _ in held])):
        print(f"\n{title}\n\n{markdown(HEADER, found)}")
    if asked.sheet is not None:
        best = held[-1][1]
        shown = torch.stack([best.pictures, best.start, best.samples], dim=1)[:12].flatten(0, 1)
        grid(shown, 12, tile=96).save(asked.sheet)


if __name__ == "__main__":
    main()
