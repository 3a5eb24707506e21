"""The metrics by name: what each is called, which way is better, and what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from gansmith.errors import unknown


class Metric(NamedTuple):
    """A figure that an evaluation reports."""

    title: str
    better: Literal["lower", "higher", "near 1"]
    question: str


METRICS: dict[str, Metric] = {
    "fid": Metric("FID", "lower", "do the features have the data's mean and covariance?"),
    "fid_infinity": Metric("FID∞", "lower", "the same, without the bias of finitely many samples"),
    "kid": Metric("KID", "lower", "do all third-order moments agree? unbiased"),
    "precision": Metric("precision", "higher", "are samples believable?"),
    "recall": Metric("recall", "higher", "could the data have been generated?"),
    "density": Metric("density", "higher", "do samples lie where data are dense? 1 for perfect ones"),
    "coverage": Metric("coverage", "higher", "do samples lie near every real one?"),
    "diversity": Metric("diversity", "near 1", "are samples as far from each other as real ones?"),
    "authenticity": Metric("authenticity", "higher", "are samples new? about 0.5 for fresh ones, 0 for copies"),
    "score": Metric("classifier score", "higher", "is each sample of one clear class, and all classes there?"),
    "modes": Metric("modes", "higher", "how many modes (or classes) are reached?"),
    "high_quality": Metric("high quality", "higher", "how many samples lie within 3σ of a mode?"),
    "kl": Metric("KL of classes", "lower", "are classes as frequent as in the data? nats"),
    "label_accuracy": Metric("label accuracy", "higher", "does a classifier see the label that was asked for?"),
    "intra_fid": Metric("intra-class FID", "lower", "is every class like its own real samples? mean over classes"),
    "wasserstein": Metric("Wasserstein-1", "lower", "how far must mass be moved?"),
    "mean_error": Metric("mean, off by", "lower", "is the mean the data's, on the line?"),
    "sd_error": Metric("sd, off by", "lower", "is the standard deviation the data's, on the line?"),
    "sliced_wasserstein": Metric("sliced Wasserstein-2", "lower", "the same, along random directions"),
}


def badness(name: str, value: float, own: Mapping[str, Any] | None = None) -> float:
    """Return a number that is smaller the better the value is.

    Args:
        own: metrics of a user's own by name; lower is better with them unless they have `better = "higher"`.

    >>> badness("recall", 0.9) < badness("recall", 0.8), badness("diversity", 1.1) < badness("diversity", 0.5)
    (True, True)
    """
    known = {**METRICS, **(own or {})}
    if name not in known:
        raise unknown("metric", name, known)
    better = getattr(known[name], "better", "lower")
    return value if better == "lower" else -value if better == "higher" else abs(value - 1)
