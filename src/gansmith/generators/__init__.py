"""Generators: what a trained generator is without its training."""

from typing import TYPE_CHECKING

from gansmith.generators.prior import PRIORS, Prior
from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.generators.request import ConditionRequest
    from gansmith.generators.trained import TrainedGenerator
    from gansmith.generators.vocabulary import Vocabulary

__all__ = ["PRIORS", "ConditionRequest", "Prior", "TrainedGenerator", "Vocabulary"]

__getattr__ = doors(
    __name__, {"ConditionRequest": "request", "TrainedGenerator": "trained", "Vocabulary": "vocabulary"}
)
