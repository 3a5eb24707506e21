"""Metrics of a user's own: a number from the features of real samples and of generated ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.metrics.catalogue import METRICS
from gansmith.settings.foreign import imported

OwnMetric = Callable[[Tensor, Tensor], float]
"""(N, D) features of real samples and (M, D) of generated ones → a number."""


def own_metrics(given: Sequence[str | OwnMetric]) -> Mapping[str, OwnMetric]:
    """Return metrics by name: functions as they are, or imported by MODULE:ATTRIBUTE.

    Raises:
        GansmithError: if one cannot be imported, is no function, or is called like one of ours.
    """
    found: dict[str, OwnMetric] = {}
    for one in given:
        metric = imported(one, "metric") if isinstance(one, str) else one
        name = getattr(metric, "__name__", type(metric).__name__)
        if isinstance(metric, type) or not callable(metric):
            raise GansmithError(f"metric {one}: must be a function, not {type(metric).__name__}")
        if name in METRICS or name in found:
            raise GansmithError(f"metric {one}: there is a metric {name} already: give it another name")
        found[name] = metric
    return found
