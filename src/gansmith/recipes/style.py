"""A style generator of small pictures against a DCGAN discriminator, by relativistic pairing and R1 and R2."""

from gansmith.data import Source
from gansmith.games.optimizers import Adam
from gansmith.networks import Style
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training
from gansmith.terms import R1, R2, Adversarial
from gansmith.terms.losses import Relativistic


def style() -> Recipe:
    """A style generator of small pictures against a DCGAN discriminator, by relativistic pairing and R1 and R2.

    Karras, Laine, Aila 2019, arXiv 1812.04948 (mapping network, styles), on DCGAN's layers; loss and penalties of
    Huang et al. 2024, arXiv 2501.05441; penalties at every fourth step, four times as strong, Karras et al. 2020, arXiv
    1912.04958. docs/faces.md has what else was tried.
    """
    return Recipe(
        "style",
        source=Source("portraits"),
        network=Style(discriminator_norm="batch"),
        terms=(Adversarial(Relativistic()), R1(0.5, every=4), R2(0.5, every=4)),
        players={
            "discriminator": Adam(1e-3, (0.0, 0.99), schedule="cosine"),
            "generator": Adam(1e-3, (0.0, 0.99), schedule="cosine"),
        },
        training=Training(batch=64, steps=10_000),
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "r1": 0.03, "r2": 0.03}},
        bounds={
            "ring": {"modes": 8, "high quality": 0.8},
            "grid": {"modes": 23, "high quality": 0.8},
            "digits": {"fid": 0.25},
        },
    )
