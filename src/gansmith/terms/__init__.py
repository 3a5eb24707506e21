"""Terms: what the costs are made of, one file a family. Naming them imports no torch.

A new term is a class in one of these files and a line in its table; a user's own needs neither, see `find`.
"""

from gansmith.games.term import Needs, Site, Term
from gansmith.settings import Kind
from gansmith.terms.adversarial import Adversarial, Replay
from gansmith.terms.answers import Answer
from gansmith.terms.condition import AuxiliaryClassifier, Information
from gansmith.terms.features import FeatureMatching, PullAway
from gansmith.terms.losses import LOSSES
from gansmith.terms.pairs import Bidirectional
from gansmith.terms.penalties import PENALTIES, R1, R2, Dragan, GradientPenalty, Variance
from gansmith.terms.projected import Projected
from gansmith.terms.reconstruction import FeatureError, Posterior, Reconstruction

TERMS = Kind(
    "term",
    "costs",
    {
        "adversarial": Adversarial,
        **PENALTIES,
        "pull_away": PullAway,
        "feature_matching": FeatureMatching,
        "replay": Replay,
        "auxiliary": AuxiliaryClassifier,
        "information": Information,
        "projected": Projected,
        "posterior": Posterior,
        "reconstruction": Reconstruction,
        "feature_error": FeatureError,
        "bidirectional": Bidirectional,
        "answer": Answer,
    },
)
"""In the order in which they draw random numbers and are summed, whatever order flags come in."""

__all__ = [
    "LOSSES",
    "PENALTIES",
    "R1",
    "R2",
    "TERMS",
    "Adversarial",
    "Answer",
    "AuxiliaryClassifier",
    "Bidirectional",
    "Dragan",
    "FeatureError",
    "FeatureMatching",
    "GradientPenalty",
    "Information",
    "Needs",
    "Posterior",
    "Projected",
    "PullAway",
    "Reconstruction",
    "Replay",
    "Site",
    "Term",
    "Variance",
]
