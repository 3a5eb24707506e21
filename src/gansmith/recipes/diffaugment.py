"""DiffAugment: real samples and fakes are changed alike before they are judged."""

from gansmith.games.augmentations import DiffAugment
from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training


def diffaugment() -> Recipe:
    """DiffAugment: real samples and fakes are changed alike before they are judged, so that few samples last longer.

    Zhao et al. 2020, arXiv 2006.10738: colour, translation and cutout, with gradients that pass through.
    """
    return Recipe(
        "diffaugment",
        augmentations=(DiffAugment("color,translation,cutout"),),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=64, steps=2000),
        bounds={"digits": {"fid": 1.5}},
    )
