"""Real data known by mean and covariance of their features alone, as other tools keep them for FID."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gansmith.data.archives import load
from gansmith.data.images import Resident
from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import Moments
from gansmith.metrics.evaluation import MetricValues
from gansmith.metrics.features import Features, open_features
from gansmith.metrics.form import Form
from gansmith.metrics.frechet import fid_infinity, frechet_distance
from gansmith.settings.values import expanded


@dataclass(frozen=True)
class Statistics:
    """What a file of `mu` and `sigma` holds."""

    name: str
    moments: Moments


def read_statistics(data: str) -> Statistics | None:
    """Return the statistics in an .npz file of `mu` (D,) and `sigma` (D, D); None for any other data.

    pytorch-fid, clean-fid and others write such files. A file that holds samples too is data.

    Raises:
        GansmithError: if they are no mean and covariance.
    """
    path = expanded(data)
    if path.suffix != ".npz" or not path.is_file():
        return None
    try:
        arrays = load(path)
        if not {"mu", "sigma"} <= set(arrays):
            return None
        others = [arrays[name] for name in arrays if name not in ("mu", "sigma")]
        if any(len(array) > 1 for array in others if array.ndim > 2):
            return None
        mean, covariance = (torch.from_numpy(np.asarray(arrays[name], np.float64)) for name in ("mu", "sigma"))
    except (GansmithError, ValueError):
        return None  # what is wrong with it as data is told where data are opened
    return Statistics(Path(data).name, _moments(data, mean, covariance))


def _moments(data: str, mean: Tensor, covariance: Tensor) -> Moments:
    d = mean.numel()
    wrong = ""
    if mean.dim() != 1 or tuple(covariance.shape) != (d, d):
        wrong = f"mu {tuple(mean.shape)} and sigma {tuple(covariance.shape)} must be (D,) and (D, D)"
    elif not (mean.isfinite().all() and covariance.isfinite().all()):
        wrong = "mu or sigma hold NaN or infinite numbers"
    elif float((covariance - covariance.T).abs().max()) > 1e-6 * float(covariance.abs().max()):
        wrong = "sigma is not symmetric, so it is no covariance"
    if wrong:
        raise GansmithError(f"--data {data}: {wrong}")
    return Moments.known(mean, covariance)


class StatisticsEvaluator:
    """Measures samples against mean and covariance: FID and FID∞, and nothing that needs real samples.

    Args:
        statistics: of the real features.
        features: the ones that the statistics are of; nobody but the user knows which.
        shape: of the samples; `dataset` is an empty one of that shape.
        device: where features are computed.

    Raises:
        GansmithError: if the features have another number of dimensions, or are not named.
    """

    def __init__(
        self,
        statistics: Statistics,
        features: str | Callable[..., Any] | None,
        shape: tuple[int, ...],
        device: torch.device | str = "cpu",
    ) -> None:
        self.statistics = statistics
        self.form = Form(shape)
        d = len(statistics.moments.mean)
        if features is None or features == "auto":
            raise GansmithError(
                f"--data {statistics.name} holds mu and sigma of {d:,} features, not samples: name the features "
                "that they are of (--features inception for those of pytorch-fid and clean-fid)"
            )
        self.dataset = Resident(torch.zeros(0, *shape), None, [], statistics.name)
        self.features: Features = open_features(features, self.dataset, device)

    def evaluate(self, samples: Iterable[Tensor], labels: Sequence[str] | None = None) -> MetricValues:
        """Measure generated samples that come in pieces; labels play no part."""
        fake = self.features(self.form(piece) for piece in samples).features
        real = self.statistics.moments
        if fake.shape[1] != len(real.mean):
            raise GansmithError(
                f"--data {self.statistics.name} holds mu and sigma of {len(real.mean):,} features, and --features "
                f"{self.features.name} gives {fake.shape[1]:,}: name the features that they are of"
            )
        metrics, details = {"fid": frechet_distance(real, Moments().update(fake))}, {"samples": float(len(fake))}
        limit = fid_infinity(real, fake)
        if limit is not None:
            metrics["fid_infinity"], details["fid_bias"] = limit
        return MetricValues(metrics, details, None)

    @property
    def dimensions(self) -> int:
        """Numbers of a sample's features."""
        return len(self.statistics.moments.mean)

    def about(self) -> dict[str, Any]:
        """Return what every figure depends on, besides the samples."""
        return {
            "features": self.features.name,
            "dimensions": self.dimensions,
            **{f"features {name}": value for name, value in self.features.about.items()},
            "data": f"mu and sigma in {self.statistics.name}",
            **self.form.about(),
        }
