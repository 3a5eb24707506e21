"""A predictor for a data set: from the cache, or learnt now."""

from __future__ import annotations

import logging

import torch

from gansmith.files import cache_folder
from gansmith.latent.lesson import Lesson
from gansmith.latent.predictor import SHOWN, Predictor, Scores, learn_predictor
from gansmith.metrics.features.kept import digest, recall, remember
from gansmith.streams import forked

log = logging.getLogger(__name__)

VERSION = 1  # of the predictor and its training; raised when either changes, so that old ones are not taken for new


def predictor_of(lesson: Lesson, seed: int = 0, shown: int = SHOWN, width: int = 24) -> Predictor:
    """Return what `learn_predictor` makes of images and their attributes.

    The cache knows it by the hash of the images and attributes it learnt from, and of these settings.

    Args:
        lesson: see `lesson_of`.
        seed: see `learn_predictor`, like the others.
    """
    images, attributes, names = lesson.images, lesson.attributes, lesson.names
    known = digest(f"{VERSION}/{names}/{tuple(images.shape)}/{seed}/{shown}/{width}", images, attributes)
    path = cache_folder() / f"predictor-{known}.safetensors"
    with forked():  # its first weights are nobody's
        network = Predictor(tuple(images.shape[1:]), names, width)
    about = recall(network, path)
    if about is not None:
        r2, accuracy = (torch.tensor(about[part], dtype=torch.double) for part in ("r2", "accuracy"))
        network.scores = Scores(r2, accuracy, about["images"])
        return network.eval()
    log.info("learning attributes from %s images, once for these data …", f"{len(images):,}")
    network = learn_predictor(images, attributes, names, seed, shown, width)
    r2, accuracy, held = network.scores
    remember(network, path, {"r2": r2.tolist(), "accuracy": accuracy.tolist(), "images": held}, "predictor")
    return network
