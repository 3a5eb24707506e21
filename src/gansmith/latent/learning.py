"""Learning what moves the attributes of a generator's samples."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import torch
from torch import Tensor

from gansmith.data.dataset import Dataset
from gansmith.errors import GansmithError, unknown
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.arithmetic import difference
from gansmith.latent.axes import Axes, linear_axes, logistic_axes, orthogonalised
from gansmith.latent.directions import CONDITIONAL, ORTHOGONAL, PLAIN, QUICK, Directions
from gansmith.latent.effects import Told, Unsupervised, effects, told_by, unsupervised
from gansmith.latent.exact import exact_sliders
from gansmith.latent.factorized import closed_form, principal_components
from gansmith.latent.kept import ensemble_of
from gansmith.latent.lesson import Lesson, check_known, lesson_of
from gansmith.latent.predictor import Reader
from gansmith.latent.response import fit_response
from gansmith.latent.sliders import Sliders, logit_range
from gansmith.latent.space import Space
from gansmith.latent.whitening import Whitening, whitening_of

log = logging.getLogger(__name__)

LEAST = 100  # samples
COUNT = 8  # directions that each method without labels keeps
PEOPLE = 100  # on whom effects are measured
PATIENT = 10  # of them, who are moved by conditional steering: it takes each a second an attribute
FRESH = 2**41  # added to the seed of those, whom nothing was fitted to

Regression = Literal["linear", "logistic"]
Without = Literal["both", "closed-form", "principal-components", "none"]


def learn_directions(
    gan: TrainedGenerator,
    dataset: Dataset,
    attributes: Sequence[str] = (),
    samples: int = 10_000,
    seed: int = 0,
    lock: Sequence[str] = (),
    axes: Regression = "linear",
    without_labels: Without = "both",
    people: int = PEOPLE,
    predictor: Reader | None = None,
) -> Directions:
    """Return what moves the attributes of a generator's samples, and what else moves with each.

    Predictors read the attributes off the samples; `Response`, axes and differences of means are fitted to the mean of
    their logits, in the space of `Space(gan)`.

    Args:
        gan: makes images.
        dataset: images of the same shape with attributes or labels; see `lesson_of`.
        attributes: some of them.
        samples: of the generator, that the predictor labels.
        seed: of those samples and of the fit; predictors have their own.
        lock: attributes whose axes stay as they are, while the others move in their complement.
        axes: by linear regression on logits, or logistic regression on probabilities.
        without_labels: which directions to look for besides.
        people: other samples, on which the effects are measured.
        predictor: of just these attributes; by default `ensemble_of` the data.

    Raises:
        GansmithError: if data and generator do not fit, nothing is known of the data, or a name is unknown.
    """
    known = check_known(dataset, attributes)
    if tuple(dataset.shape) != tuple(gan.shape):
        raise GansmithError(f"{gan.name} makes samples of shape {gan.shape}, and the data's are {tuple(dataset.shape)}")
    if samples < LEAST:
        raise GansmithError(f"samples = {samples} must be at least {LEAST}")
    if people < 2:
        raise GansmithError(f"people = {people} must be at least 2")
    for name in lock:
        if name not in known:
            raise unknown("attribute", name, known)
    lesson = lesson_of(dataset, attributes)
    predictor = predictor or ensemble_of(lesson)
    if predictor.names != lesson.names:
        raise GansmithError(f"the predictor reads {', '.join(predictor.names)}, not {', '.join(lesson.names)}")
    predictor = predictor.to(next(gan.generator.parameters()).device)
    space = Space(gan)
    told = told_by(space, predictor)
    log.info("labelling %s samples of %s …", f"{samples:,}", gan.name)
    points, fresh = space.drawn(samples, seed), space.drawn(people, FRESH + seed)
    logits = told(points)
    whitening = whitening_of(points)
    found = _fitted(space, lesson, points, logits, whitening, seed, tuple(lock), axes)
    low, high = logit_range(logits)
    scores = torch.stack([predictor.scores.r2, predictor.scores.accuracy])
    log.info("measuring what else moves, on %d others, and on %d by conditional steering …", people, few(people))
    about = {"data": lesson.description, "samples": samples, "people": people, "seed": seed, "axes": axes}
    about |= {"held out": predictor.scores.images, "step": gan.step, "space": space.name}
    about |= {"people, conditional steering": few(people)}
    found = replace(found, exact=exact_sliders(space, predictor, whitening, low, high))
    return replace(
        found,
        scores=scores,
        matrices=matrices(found, told, fresh),
        unsupervised=tuple(_without_labels(space, points, told, fresh, without_labels)),
        about=about,
    )


def matrices(found: Directions, told: Told, people: Tensor) -> dict[str, Tensor]:
    """Return what else moves, by way of moving; see `effects`."""
    names, every = found.names, range(len(found.names))

    def straight(axes: Axes) -> Tensor:
        return effects(told, people, every, lambda points, i, value: found.along(axes, points, names[i], value))

    kept = {PLAIN: straight(found.axes)}
    if found.orthogonal is not None:
        kept[ORTHOGONAL] = straight(found.orthogonal)
    kept[QUICK] = effects(told, people, every, lambda points, i, value: found.move(points, names[i], value, quick=True))
    some = people[: few(len(people))]
    kept[CONDITIONAL] = effects(told, some, every, lambda points, i, value: found.move(points, names[i], value))
    return kept


def few(people: int) -> int:
    """Return on how many of these people conditional steering is measured, which takes long."""
    return min(people, PATIENT)


def _fitted(
    space: Space,
    lesson: Lesson,
    points: Tensor,
    logits: Tensor,
    whitening: Whitening,
    seed: int,
    lock: tuple[str, ...],
    kind: Regression,
) -> Directions:
    """Return what follows from points and the logits of their pictures."""
    names = lesson.names
    response = fit_response(whitening.whitened(points), logits, seed).requires_grad_(False)
    if kind == "linear":
        axes = linear_axes(points, logits, names, whitening)
    else:
        axes = logistic_axes(points, logits.sigmoid(), names, whitening)
    has = logits > 0
    nothing = torch.zeros(points.shape[1], dtype=torch.double)
    apart = [difference(points, one) if one.any() and not one.all() else nothing for one in has.T]
    return Directions(
        space=space,
        sliders=Sliders.of(names, response, whitening, points),
        axes=axes,
        orthogonal=_apart(axes, lock),
        locked=lock,
        ties=lesson.ties,
        differences=torch.stack(apart),
        having=has.sum(dim=0),
        scores=torch.empty(0),
    )


def _apart(axes: Axes, lock: Sequence[str]) -> Axes | None:
    """Return orthogonalised axes; None, with a word, where there are too few directions for that."""
    try:
        return orthogonalised(axes, lock)
    except GansmithError as error:
        if lock:
            raise
        log.info("orthogonalised axes are left out: %s", error)
        return None


def _without_labels(
    space: Space, points: Tensor, told: Told, people: Tensor, wanted: Without
) -> Iterator[Unsupervised]:
    count = min(COUNT, space.size)
    if wanted in ("both", "closed-form"):
        try:
            factors = closed_form(space.gan, count)
            yield unsupervised("closed-form", factors, points, told, people)
        except GansmithError as error:
            if wanted == "closed-form":
                raise
            log.info("closed-form directions are left out: %s", error)
    if wanted in ("both", "principal-components"):
        yield unsupervised("principal-components", principal_components(points, count), points, told, people)
