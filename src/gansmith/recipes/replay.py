"""Experience replay: the discriminator keeps refuting old fakes."""

from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training
from gansmith.terms import Adversarial, Replay


def replay() -> Recipe:
    """Experience replay: the discriminator keeps refuting old fakes.

    Shrivastava et al. 2017, arXiv 1612.07828, section 2.3: as many fakes of earlier steps as new ones, drawn from the
    last 2,048.
    """
    return Recipe(
        "replay",
        terms=(Adversarial(), Replay(1.0)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=128, steps=1500),
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "r1": 0.1}},
        paper={"r1": 0.0},
        bounds={
            "ring": {"modes": 8, "high quality": 0.8},
            "grid": {"modes": 23, "high quality": 0.45},
            "digits": {"fid": 1.4},
        },
    )
