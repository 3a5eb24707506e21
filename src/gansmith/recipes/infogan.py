"""InfoGAN: codes whose meaning nobody gives, kept legible in the samples."""

from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.networks import MLP, Conditioning, InfoGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial, Information


def infogan() -> Recipe:
    """InfoGAN: codes whose meaning nobody gives, kept legible in the samples.

    Chen et al. 2016, arXiv 1606.03657, the setting for MNIST: 62 dimensions of uniform noise, one code of 10
    categories, two continuous ones; Adam with 2e-4 for the discriminator and 1e-3 for the generator and for Q, which
    recognises the codes. λ is 0.01 instead of 1, so that the categories settle while digits form and not before; the
    convolutions are a quarter as wide (`--width 64` for the paper's).
    """
    return Recipe(
        "infogan",
        network=InfoGAN(16, 1024),
        vectors=MLP(1024),
        prior=Prior(62, "uniform", categorical_codes=1, continuous_codes=2),
        conditioning=Conditioning(embedding=0),
        terms=(Adversarial(), Information(0.01, 0.01)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(1e-3, (0.5, 0.999))},
        training=Training(batch=128, steps=5000),
        paper={"information": 1.0, "width": 64},
        bounds={"digits": {"fid": 0.6}},
    )
