"""Data: real samples, in an order that is a function of (seed, position)."""

from typing import TYPE_CHECKING

from gansmith.data.source import SOURCES, Source
from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.data.dataset import Batch, Dataset
    from gansmith.data.opening import BUILT_IN, open_dataset

__all__ = ["BUILT_IN", "SOURCES", "Batch", "Dataset", "Source", "open_dataset"]

__getattr__ = doors(
    __name__, {"BUILT_IN": "opening", "open_dataset": "opening", "Batch": "dataset", "Dataset": "dataset"}
)
