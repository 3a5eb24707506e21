"""SRGAN: the generator makes small pictures four times larger, by squared error and against a discriminator."""

from gansmith.games.optimizers import Adam
from gansmith.networks import Conditioning, ImageToImage
from gansmith.networks.seen import Small
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial, Answer


def superres() -> Recipe:
    """SRGAN: the generator makes small pictures four times larger, by squared error and against a discriminator.

    Ledig et al. 2017, arXiv 1609.04802, with the error of pixels (their SRGAN-MSE) and no downloaded features; answers
    agree with the small picture exactly (Sønderby et al. 2017, arXiv 1610.04490). `--adversarial 0` takes the
    discriminator out: the same network by squared error alone.
    """
    adam = Adam(1e-3, (0.5, 0.999))
    return Recipe(
        "superres",
        network=ImageToImage(),
        conditioning=Conditioning(seen=Small()),
        terms=(Adversarial(generator_scale=0.01), Answer(1.0)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": adam},
        training=Training(ema=0.99),
        paper={"generator_scale": 0.001, "lr": 1e-4, "betas": (0.9, 0.999), "batch": 16, "blocks": 16},
        bounds={"digits": {"fid": 0.8}},
    )
