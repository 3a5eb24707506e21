"""A predictor for a data set: from the cache, or learnt now."""

from __future__ import annotations

import logging
import math

import torch
from torch import Tensor

from gansmith.data.dataset import Dataset, first
from gansmith.data.images import to_bytes
from gansmith.errors import GansmithError
from gansmith.files import cache_folder
from gansmith.latent.predictor import SHOWN, Predictor, Scores, learn_predictor
from gansmith.metrics.features.kept import digest, recall, remember
from gansmith.streams import forked

log = logging.getLogger(__name__)

VERSION = 1  # of the predictor and its training; raised when either changes, so that old ones are not taken for new
MEMORY = 2**28  # bytes of images to learn from


def predictor_of(dataset: Dataset, seed: int = 0, shown: int = SHOWN, width: int = 24) -> Predictor:
    """Return what `learn_predictor` makes of a data set's first images, as many as fit into 256 MB of bytes.

    The cache knows it by the hash of the images and attributes it learnt from, and of these settings.

    Args:
        dataset: images with attributes.
        seed: see `learn_predictor`, like the others.

    Raises:
        GansmithError: if the data have no attributes or are no images.
    """
    if not dataset.attribute_names or len(dataset.shape) != 3:
        raise GansmithError(f"{dataset.description}: attributes of images are wanted; try --data portraits")
    images, attributes = _lesson(dataset)
    names = tuple(dataset.attribute_names)
    known = digest(f"{VERSION}/{names}/{tuple(images.shape)}/{seed}/{shown}/{width}", images, attributes)
    path = cache_folder() / f"predictor-{known}.safetensors"
    with forked():  # its first weights are nobody's
        network = Predictor(dataset.shape, names, width)
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


def _lesson(dataset: Dataset) -> tuple[Tensor, Tensor]:
    """Return images as bytes and their attributes."""
    batches = list(first(dataset, max(1, MEMORY // math.prod(dataset.shape))))
    attributes = [batch.attributes for batch in batches if batch.attributes is not None]
    return torch.cat([to_bytes(batch.x) for batch in batches]), torch.cat(attributes)
