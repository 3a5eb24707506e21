"""Features: the numbers in which samples are compared. Every figure is told together with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from gansmith.data.dataset import Dataset
from gansmith.errors import GansmithError, unknown
from gansmith.metrics.features.extractor import Features, Seen
from gansmith.settings.foreign import imported, is_foreign
from gansmith.streams import forked

__all__ = ["FEATURES", "Features", "Seen", "open_features"]

FEATURES: dict[str, str] = {
    "auto": "classifier for labelled images, random for other images, raw for vectors",
    "raw": "the samples' own numbers",
    "random": "a convolutional network with fixed random weights",
    "classifier": "a small network trained once on the labelled data",
    "inception": "the Inception network of the published figures (pip install 'gansmith[metrics]')",
}
ENOUGH_LABELS = 20  # images per class; with fewer a classifier learns too little to be the default


def open_features(choice: str | Callable[..., Any], dataset: Dataset, device: torch.device | str = "cpu") -> Features:
    """Return the features that a choice names, for samples of a data set.

    Args:
        choice: a name of `FEATURES`; `module:attribute`, a callable to import; or a callable (an `nn.Module` too) that
            maps samples (N, ...) to features (N, D), or to a `Seen` with class probabilities.
        dataset: the real samples, whose labels a classifier learns.
        device: where features are computed.

    Raises:
        GansmithError: if the features do not exist, do not fit the samples, or lack their library.
    """
    with forked():  # building a network draws weights; whoever trains here keeps their luck
        return _open(choice, dataset, torch.device(device))


def check_features(choice: str) -> None:
    """Raise a `GansmithError` if there are no features of that name; a user's own are imported."""
    if is_foreign(choice):
        _imported(choice)
    elif choice not in FEATURES:
        raise unknown("features", choice, FEATURES)


def _open(choice: str | Callable[..., Any], dataset: Dataset, device: torch.device) -> Features:
    if callable(choice):
        return Features(_name(choice), choice, device)
    is_image = len(dataset.shape) == 3
    if choice == "auto":
        choice = "raw" if not is_image else "classifier" if _labelled_enough(dataset) else "random"
    if choice == "raw":
        return Features("raw", lambda x: x.flatten(1), device)
    if is_foreign(choice):
        return _open(_imported(choice), dataset, device)
    if choice not in FEATURES:
        raise unknown("features", choice, FEATURES)
    if not is_image:
        raise GansmithError(f"--features {choice} needs images, and these are vectors: use --features raw")
    if choice == "random":
        from gansmith.metrics.features.random import random_features

        return random_features(dataset.shape, device)
    if choice == "classifier":
        from gansmith.metrics.features.classifier import classifier_features

        return classifier_features(dataset, device)
    from gansmith.metrics.features.inception import inception_features

    return inception_features(device)


def _labelled_enough(dataset: Dataset) -> bool:
    """Tell whether a classifier can learn something: several classes, and enough images of each."""
    classes = len(dataset.label_names)
    return classes > 1 and (dataset.count is None or dataset.count >= ENOUGH_LABELS * classes)


def _imported(choice: str) -> Callable[..., Any]:
    found = imported(choice, "features")
    if isinstance(found, type) or not callable(found):
        raise GansmithError(f"--features {choice}: must be a function or an nn.Module, not {type(found).__name__}")
    return found  # type: ignore[no-any-return]


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)
