"""Learning what moves the attributes of a run's samples, and keeping it beside the generator."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from gansmith.data import Dataset
from gansmith.errors import GansmithError
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.directions import Directions
from gansmith.latent.file import Beside, save, write_report
from gansmith.latent.learning import PEOPLE, Regression, Without, learn_directions
from gansmith.numerics import settle_vector_mathematics
from gansmith.runs.loading import Which, load
from gansmith.runs.real import real_data
from gansmith.training.device import find_device


def directions(
    target: str | Path | TrainedGenerator,
    data: str | Dataset | None = None,
    attributes: Sequence[str] = (),
    samples: int = 10_000,
    seed: int = 0,
    lock: Sequence[str] = (),
    axes: Regression = "linear",
    without_labels: Without = "both",
    generator: Which = "last",
    device: str = "auto",
    trust: bool = False,
    people: int = PEOPLE,
) -> Directions:
    """Learn what moves the attributes of a generator's samples; leave it, and a report as JSON, beside the generator.

    A run's folder gets directions.safetensors and directions.json, a generator's file NAME.directions.safetensors and
    NAME.directions.json; a generator in memory keeps them itself. From then on `gan.steer` and
    `gansmith sample RUN --sliders` work.

    Args:
        target: a run folder, a generator's file, or what `gansmith.load` or `train` returned.
        data: images with attributes or labels; by default those the run was trained on.
        attributes: some of them; by default all attributes, or all classes where there are labels alone.
        samples: of the generator, that a predictor labels.
        seed: of those samples and of the fit.
        lock: attributes whose axes stay as they are, while the other axes move in their complement.
        axes: by linear or logistic regression.
        without_labels: which directions to look for besides: both, closed-form, principal-components or none.
        generator: the run's last generator, its best, or the raw one; see `gansmith.load`.
        device: where samples are made.
        trust: import code of a user's own that the run or the file names.
        people: on how many other samples the effects are measured.

    Raises:
        GansmithError: if something cannot be opened, or does not fit together.
    """
    settle_vector_mathematics()
    where = find_device(device)
    gan = target if isinstance(target, TrainedGenerator) else load(target, None, str(where), generator, trust)
    if len(gan.shape) != 3:
        raise GansmithError(f"{gan.name} makes vectors: attributes are read from images, so it has no axes to learn")
    if isinstance(gan.guide, Beside) and not os.access(gan.guide.path.parent, os.W_OK):  # before minutes of learning
        raise GansmithError(f"{gan.guide.path.parent} cannot be written to: copy the generator to a folder of your own")
    dataset = real_data(gan, data, trust) if data is None or isinstance(data, str) else data
    chosen = (tuple(attributes), samples, seed, tuple(lock), axes, without_labels, people)
    found = learn_directions(gan, dataset, *chosen)
    if isinstance(gan.guide, Beside):
        found = dataclasses.replace(found, path=gan.guide.path)
        save(found, gan.guide.path)
        write_report(found, gan.guide.path.with_suffix(".json"))
    vars(gan)["directions"] = found  # where its cached property keeps it
    return found
