"""Inverting pictures with a run's generator, and what is left of it on disk."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from gansmith.data.single import found_in, read_picture
from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.generators.pictures import grid
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.inversion.encoder import encoder_of
from gansmith.latent.inversion.inverting import USUALLY, Inversion, Search, invert
from gansmith.latent.inversion.tuning import tuned
from gansmith.latent.kept import predictor_of
from gansmith.latent.lesson import lesson_of
from gansmith.latent.measures import USUAL, Look, features_of, nearness
from gansmith.latent.space import Space
from gansmith.metrics.features.classifier import classifier_features
from gansmith.metrics.likeness import psnr
from gansmith.runs.real import real_data

log = logging.getLogger(__name__)

MANY = 8  # pictures around which one generator is tuned
JUDGES = ("classifier", "attributes")
"""Measures of nearness that are learnt from labelled data."""


@dataclass(frozen=True)
class Inverted:
    """What `invert_pictures` found.

    Attributes:
        names: of the pictures.
        found: see `Inversion`.
        tuned: (N, C, H, W) samples of the generator that was tuned around them, if it was.
        tuned_psnr: (N,) dB of those.
    """

    names: tuple[str, ...]
    found: Inversion
    tuned: Tensor | None = None
    tuned_psnr: Tensor | None = None

    def picture(self) -> Tensor:
        """Return pictures, starts, nearest samples and tuned ones beside each other, (N · columns, C, H, W)."""
        parts = [self.found.pictures, self.found.start, self.found.samples]
        parts += [] if self.tuned is None else [self.tuned]
        return torch.stack(parts, dim=1).flatten(0, 1)

    def write(self, out: Path) -> Path:
        """Write FILE.png, pictures beside their samples, and FILE.safetensors, their points; return the latter."""
        from safetensors.torch import save

        beside = out.with_suffix(".safetensors")
        found, columns = self.found, 3 + (self.tuned is not None)
        tensors = {"points": found.points, "z": found.latents.z, "samples": found.samples, "psnr": found.psnr}
        tensors |= {"ssim": found.ssim, "distance": found.distance, "rarity": found.rarity}
        tensors |= {} if found.latents.c is None else {"conditions": found.latents.c}
        content = save({name: tensor.contiguous().clone() for name, tensor in tensors.items()})
        out.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(out, lambda path: grid(self.picture(), columns, tile=128).save(path, format="PNG"))
        write_atomically(beside, lambda path: path.write_bytes(content))
        return beside


def read_pictures(gan: TrainedGenerator, places: Sequence[Path]) -> tuple[Tensor, list[Path]]:
    """Return pictures (N, C, H, W) as the generator's samples are, and their files; what was done to them is said."""
    files = found_in(places)
    if not files:
        raise GansmithError("which pictures? Name files, or a folder of them")
    read = [read_picture(file, gan.shape) for file in files]
    for notes in (notes for _, notes in read):
        for note in notes:
            log.info("%s", note)
    return torch.stack([picture for picture, _ in read]), files


def judges_of(gan: TrainedGenerator, near: Sequence[str], data: str | None, trust: bool) -> Mapping[str, Look]:
    """Return the measures of nearness among these that are learnt from labelled data."""
    if not set(near) & set(JUDGES):
        return {}
    dataset, device = real_data(gan, data, trust), next(gan.generator.parameters()).device
    found: dict[str, Look] = {}
    if "classifier" in near:
        network = classifier_features(dataset, device).network
        assert isinstance(network, torch.nn.Module)
        found["classifier"] = features_of(network)
    if "attributes" in near:
        predictor = predictor_of(lesson_of(dataset)).to(device).requires_grad_(False)
        found["attributes"] = features_of(predictor.body[:-1])
    return found


def invert_pictures(
    gan: TrainedGenerator,
    places: Sequence[Path],
    near: Sequence[str] = USUAL,
    search: Search = USUALLY,
    learnt: bool = True,
    styles: bool = True,
    tune: int = 0,
    data: str | None = None,
    trust: bool = False,
) -> Inverted:
    """Return the samples nearest to pictures in files or folders.

    Args:
        gan: the generator.
        places: files and folders of pictures.
        near: measures of nearness, see `gansmith.latent.nearness`; besides, classifier and attributes, which are learnt
            from the labelled data of the run.
        search: see `gansmith.latent.invert`.
        learnt: start from an encoder, which is learnt once for a generator; else from the nearest of 1,000 samples.
        styles: look for w where the generator has it; else for z.
        tune: steps that also tune a copy of the generator around the pictures.
        data: labelled images, by default those the run was trained on.
        trust: import code of a user's own that the run or the file names.

    Raises:
        GansmithError: if something cannot be opened, or does not fit together.
    """
    coordinates = Coordinates(Space(gan, styles))
    measure = nearness(near, coordinates, judges_of(gan, near, data, trust))
    pictures, files = read_pictures(gan, places)
    encoder = encoder_of(coordinates) if learnt else None
    found = invert(coordinates, pictures, measure, encoder, search)
    names = tuple(file.name for file in files)
    if not tune:
        return Inverted(names, found)
    if len(pictures) > MANY:
        warnings.warn(f"one generator is tuned around {len(pictures)} pictures: fewer come out nearer", stacklevel=2)
    other = tuned(coordinates, found.points, pictures, measure, tune)
    samples = Space(other, styles).images(found.points)
    return Inverted(names, found, samples, psnr(samples, pictures))
