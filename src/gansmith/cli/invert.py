"""`gansmith invert RUN PICTURE …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.cli.directions import named
from gansmith.errors import GansmithError
from gansmith.settings import Count, Index, Range

if TYPE_CHECKING:
    from gansmith.runs.inverting import Inverted


@dataclass(frozen=True)
class Invert:
    """Find the samples of a generator that are nearest to pictures, and the points of latent space that they are of.

    An encoder, learnt once on the generator's own samples, gives the start, and Adam refines it. FILE.png gets rows of
    picture, start and nearest sample, FILE.safetensors the points, for `gansmith edit`, `walk` and `sample --latents`.
    """

    run: Annotated[Path, POSITIONAL]
    """Run folder, a generator's .safetensors file, or the name of a generator that comes with gansmith."""
    pictures: Annotated[tuple[Path, ...], POSITIONAL] = ()
    """Files, or folders of them: PNG, JPEG, BMP, GIF, PPM, WEBP or TIFF of any size."""
    near: str = "pyramid"
    """What near means: pixels, pyramid (scales), discriminator (of the run), classifier or attributes (learnt from the
    labelled data); with commas between several, which are added up."""
    start: Literal["encoder", "samples"] = "encoder"
    """Start from what an encoder reads, or from the nearest of 1,000 samples."""
    steps: Index = 40
    """Steps of Adam for each start."""
    restarts: Count = 1
    """Starts: the encoder's, then the nearest samples; what ends nearest is kept."""
    prior: Annotated[float, Range(least=0)] = 0.002
    """How much points are held to where samples are; 0 lets them go anywhere."""
    space: Literal["w", "z"] = "w"
    """Styles w, where the generator maps noise to styles; or noise z, whose samples are always its own."""
    tune: Index = 0
    """Steps that then tune a copy of the generator around the pictures: nearer, but by another generator."""
    data: str | None = None
    """Labelled images for --near classifier and attributes; by default those the run was trained on."""
    seed: int = 0
    """Of the samples among which starts are looked for."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint, the best one by the run's metric, or the last one as trained, not averaged."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    trust: bool = False
    """Import code of its own that the run or the file names."""
    out: Path = Path("inverted.png")
    """FILE.png; what lies there is written over."""


def main(arguments: list[str]) -> None:
    """Invert pictures, print how near their samples are, and say where they lie."""
    w = parse(Invert, "invert", arguments)
    if w.out.suffix != ".png":
        raise GansmithError(f"--out {w.out}: use FILE.png; the points go into FILE.safetensors beside it")
    from gansmith.latent.inversion.inverting import Search
    from gansmith.runs.inverting import invert_pictures
    from gansmith.runs.loading import load
    from gansmith.training.device import find_device

    gan = load(w.run, None, str(find_device(w.device)), w.generator, w.trust)
    search = Search(w.steps, w.restarts, w.prior, seed=w.seed)
    started = w.start == "encoder"
    found = invert_pictures(gan, w.pictures, named(w.near), search, started, w.space == "w", w.tune, w.data, w.trust)
    _show(found, w.near)
    beside = found.write(w.out)
    print(w.out)
    print(beside)


def _show(inverted: Inverted, near: str) -> None:
    from gansmith.cli.tables import figure, show

    found = inverted.found
    columns = [found.psnr, found.ssim, found.distance, found.rarity]
    header = ["", "PSNR, dB", "SSIM", f"distance ({near})", "rarer than"]
    if inverted.tuned_psnr is not None:
        columns.append(inverted.tuned_psnr)
        header.append("PSNR of the tuned generator")
    values = zip(*(column.tolist() for column in columns), strict=True)
    rows = [
        [name, *(f"{v:.0%}" if i == 3 else figure(v) for i, v in enumerate(row))]
        for name, row in zip(inverted.names, values, strict=True)
    ]
    told = "distance: 1 between random samples; rarer than: the share of samples that lie nearer to the mean"
    show("Nearest samples", header, rows, f"{told}; {found.seconds / len(rows):.2f} s a picture")
