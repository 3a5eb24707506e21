"""Predictors for a data set: from the cache, or learnt now."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple

import torch

from gansmith.files import cache_folder
from gansmith.latent.ensemble import Ensemble
from gansmith.latent.lesson import Lesson
from gansmith.latent.predictor import SHOWN, Predictor, Scores, learn_predictor
from gansmith.metrics.features.kept import digest, recall, remember
from gansmith.streams import forked

log = logging.getLogger(__name__)

VERSION = 2  # of the predictor and its training; raised when either changes, so that old ones are not taken for new


class Member(NamedTuple):
    """The form of one predictor of several."""

    width: int
    pooled: bool = False


MEMBERS = (Member(24), Member(16), Member(12, pooled=True), Member(16, pooled=True))
SHOWN_EACH = 60_000  # images that each of several sees in all


def ensemble_of(lesson: Lesson, shown: int = SHOWN_EACH, members: Sequence[Member] = MEMBERS) -> Ensemble:
    """Return predictors of several forms and seeds, each learnt or from the cache, as one: the mean of their logits.

    Their weights are rounded to half precision, so that a file of half the size holds the same ones.

    Args:
        lesson: see `lesson_of`.
        shown: images that each sees in all.
        members: the form of each.
    """
    learnt = [predictor_of(lesson, k, shown, one.width, one.pooled) for k, one in enumerate(members)]
    ensemble = Ensemble(one.half().float() for one in learnt).eval()
    ensemble.score(lesson.images, lesson.attributes)
    return ensemble


def predictor_of(lesson: Lesson, seed: int = 0, shown: int = SHOWN, width: int = 24, pooled: bool = False) -> Predictor:
    """Return what `learn_predictor` makes of images and their attributes.

    The cache knows it by the hash of the images and attributes it learnt from, and of these settings.

    Args:
        lesson: see `lesson_of`.
        seed: see `learn_predictor`, like the others.
    """
    images, attributes, names = lesson.images, lesson.attributes, lesson.names
    known = digest(f"{VERSION}/{names}/{tuple(images.shape)}/{seed}/{shown}/{width}/{pooled}", images, attributes)
    path = cache_folder() / f"predictor-{known}.safetensors"
    with forked():  # its first weights are nobody's
        network = Predictor(tuple(images.shape[1:]), names, width, pooled=pooled)
    about = recall(network, path)
    if about is not None:
        r2, accuracy = (torch.tensor(about[part], dtype=torch.double) for part in ("r2", "accuracy"))
        network.scores = Scores(r2, accuracy, about["images"])
        return network.eval()
    log.info("learning attributes from %s images, once for these data: network %d …", f"{len(images):,}", seed + 1)
    network = learn_predictor(images, attributes, names, seed, shown, width, pooled)
    r2, accuracy, held = network.scores
    remember(network, path, {"r2": r2.tolist(), "accuracy": accuracy.tolist(), "images": held}, "predictor")
    return network
