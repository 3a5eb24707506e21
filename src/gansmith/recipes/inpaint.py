"""Context encoder: the generator fills a hole in a picture, by squared error and against a discriminator."""

from gansmith.games.optimizers import Adam
from gansmith.networks import Conditioning, ImageToImage
from gansmith.networks.seen import Masked
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial, Answer


def inpaint() -> Recipe:
    """Context encoder: the generator fills a hole in a picture, by squared error and against a discriminator.

    Pathak et al. 2016, arXiv 1604.07379: cost .999 · squared error + .001 · adversarial, around the hole the picture
    itself. `--adversarial 0` takes the discriminator out: the same network by squared error alone.
    """
    adam = Adam(1e-3, (0.5, 0.999))
    return Recipe(
        "inpaint",
        network=ImageToImage(),
        conditioning=Conditioning(seen=Masked()),
        terms=(Adversarial(generator_scale=0.01), Answer(1.0)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": adam},
        training=Training(ema=0.99),
        paper={"answer": 0.999, "generator_scale": 0.001, "hole_at": "centre", "lr_generator": 2e-3},
        bounds={"digits": {"fid": 0.75}},
    )
