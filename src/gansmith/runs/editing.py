"""Editing with a run's generator: from files to files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from PIL import ImageOps
from torch import Tensor

from gansmith.data.images import to_range
from gansmith.data.pictures import to_pixels
from gansmith.data.rendering import Rendering
from gansmith.data.shades import Shades
from gansmith.data.single import MODES, decoded
from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.generators.pictures import grid, to_picture
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.editing.carrying import carried
from gansmith.latent.editing.constraints import Constraints, read_layer
from gansmith.latent.editing.dragging import drag
from gansmith.latent.editing.editing import Edit, edit
from gansmith.latent.editing.judge import judge_of
from gansmith.latent.editing.path import between
from gansmith.latent.editing.weights import USUAL, Weights
from gansmith.latent.inversion.encoder import encoder_of
from gansmith.latent.inversion.inverting import invert
from gansmith.latent.inversion.noise import noise_of
from gansmith.latent.space import Space
from gansmith.latent.walks.animation import animate
from gansmith.runs.inverting import read_pictures

log = logging.getLogger(__name__)

CANVAS = 8  # times as large as a sample is the picture to paint over
COLUMNS = 8  # of a strip from before to after


class Start(NamedTuple):
    """What is edited."""

    point: Tensor
    """(1, d)."""
    sizes: tuple[tuple[int, int], ...]
    """(width, height) that layers may have besides those of a sample."""
    photograph: Path | None
    """Whose nearest sample it is, if it is a picture's."""


@dataclass(frozen=True)
class Edited:
    """What `edit_picture` made.

    Attributes:
        coordinates: in which it was made.
        start: what was edited.
        points: (2, d) before and after.
        before: (C, H, W) sample.
        shown: (C, H, W) the same with what was painted on it.
        after: (C, H, W) sample.
        made: by strokes and edges, if there were any.
        told: more about it, lines.
    """

    coordinates: Coordinates
    start: Start
    points: Tensor
    before: Tensor
    shown: Tensor
    after: Tensor
    made: Edit | None
    told: tuple[str, ...] = ()

    def write(self, out: Path) -> list[Path]:
        """Write FILE.png, the edited picture, FILE-sheet.png, before, constraints and after, and FILE.safetensors."""
        from safetensors.torch import save

        sheet = torch.stack([self.before, self.shown, self.after])
        latents = noise_of(self.coordinates.space, self.points[1:])
        tensors = {"points": self.points[1:], "before": self.points[:1], "z": latents.z}
        content = save({name: tensor.contiguous().clone() for name, tensor in tensors.items()})
        places = [out, out.with_name(f"{out.stem}-sheet.png"), out.with_suffix(".safetensors")]
        out.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(places[0], lambda path: to_picture(self.after).save(path, format="PNG"))
        write_atomically(places[1], lambda path: grid(sheet, 3, tile=192).save(path, format="PNG"))
        write_atomically(places[2], lambda path: path.write_bytes(content))
        return places

    def write_path(self, out: Path) -> None:
        """Write the way from before to after: FILE.png as a strip, FILE.gif, .apng or .webp as an animation."""
        if out.suffix == ".png":
            strip = between(self.coordinates.space, self.points, COLUMNS)
            write_atomically(out, lambda path: grid(strip, COLUMNS, tile=96).save(path, format="PNG"))
            return
        there = between(self.coordinates.space, self.points, 24)
        animate([*there, *there.flip(0)], out, 20)

    def write_carried(self, out: Path) -> None:
        """Write the photograph with the edit carried back to it, at its own size.

        Raises:
            GansmithError: if a sample was edited, and no photograph.
        """
        if self.start.photograph is None:
            raise GansmithError(f"--carry {out}: a sample was edited; there is no photograph, name one by --from")
        photograph = _square(self.start.photograph, self.coordinates.space.gan.shape[0])
        made = carried(photograph, self.before, self.after)
        write_atomically(out, lambda path: to_picture(made).save(path, format="PNG"))


def start_of(
    coordinates: Coordinates, picture: Path | None, seed: int, points: Path | None, truncation: float = 1.0
) -> Start:
    """Return what is edited: a picture's nearest sample, a point of a file, or the first sample of a seed.

    Raises:
        GansmithError: if both are named, or one cannot be read.
    """
    gan, space = coordinates.space.gan, coordinates.space
    if picture is not None and points is not None:
        raise GansmithError(f"--from {picture} --points {points}: name one of them")
    if points is not None:
        return Start(read_points(points, space)[:1], (), None)
    if picture is None:
        latents = gan.latents(1, seed, truncation)
        return Start(space.points(latents, truncation if space.name == "w" else 1.0), (), None)
    pictures, files = read_pictures(gan, [picture])
    if len(files) > 1:
        raise GansmithError(f"--from {picture}: name one picture")
    found = invert(coordinates, pictures, encoder=encoder_of(coordinates))
    log.info("%s: the nearest sample is %.1f dB away", picture, float(found.psnr))
    size = decoded(files[0], str(files[0]), Shades())[0].size
    return Start(found.points, (size,), files[0])


def read_points(path: Path, space: Space) -> Tensor:
    """Return the points (N, d) of a file of `gansmith invert` or `edit`.

    Raises:
        GansmithError: if there are none in it, or they are of another space.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            points: Tensor = file.get_tensor("points").float()
    except (SafetensorError, OSError) as error:
        raise GansmithError(f"{path} holds no points: give a file of gansmith invert or edit") from error
    if points.dim() != 2 or points.shape[1] != space.size or not len(points) or not points.isfinite().all():
        raise GansmithError(
            f"{path}: points of shape {tuple(points.shape)} are not (N, {space.size}): they are another generator's"
        )
    return points


def edit_picture(
    coordinates: Coordinates,
    start: Start,
    strokes: Path | None = None,
    edges: Path | None = None,
    keep: Path | None = None,
    moves: Sequence[tuple[tuple[float, float], tuple[float, float]]] = (),
    weights: Weights = USUAL,
) -> Edited:
    """Return an edited picture: points are dragged first, then what is painted is followed.

    Raises:
        GansmithError: if nothing is asked for, or a layer cannot be read.
    """
    gan = coordinates.space.gan
    layers = [None if p is None else read_layer(p, gan.shape, start.sizes) for p in (strokes, edges, keep)]
    constraints = Constraints(layers[0], layers[1], None if layers[2] is None else layers[2].opaque)
    if not constraints and not moves:
        raise GansmithError(
            "nothing is asked for: give --strokes, --edges or --drag; --canvas writes what to paint over"
        )
    told: list[str] = []
    point, before = start.point, None
    if moves:
        dragged = drag(coordinates, point, moves)
        point, before = dragged.points[1:], dragged.before
        left = ", ".join(f"{far:.1f}" for far in dragged.left.tolist())
        told.append(f"dragged in {dragged.steps} steps; pixels left to the targets: {left}")
    made = None
    if constraints:
        judge = judge_of(gan)
        if judge is None:
            told.append(f"{gan.name} comes without a discriminator: realism is the prior's alone")
        made = edit(coordinates, point, constraints, weights, judge)
        after, points = made.after, torch.cat([start.point, made.points[1:]])
    else:
        after, points = dragged.after, dragged.points
    before = made.before if before is None and made is not None else before
    assert before is not None
    return Edited(coordinates, start, points, before, constraints.shown_on(before), after, made, tuple(told))


def write_canvas(coordinates: Coordinates, start: Start, out: Path) -> None:
    """Write the sample that would be edited, eight times as large, to paint over in any program."""
    sample = coordinates.space.images(start.point)[0]
    large = sample.repeat_interleave(CANVAS, 1).repeat_interleave(CANVAS, 2)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(out, lambda path: to_picture(large).save(path, format="PNG"))


def _square(path: Path, channels: int) -> Tensor:
    """Return the centred square of a photograph at its own size, (C, S, S) in [−1, 1]."""
    image, _ = decoded(path, str(path), Shades())
    side = min(image.size)
    square = ImageOps.fit(image, (side, side))
    return to_range(torch.from_numpy(to_pixels(square, Rendering(side, MODES[channels]))))
