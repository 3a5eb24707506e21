"""WGAN without any constraint, to show why one is needed: the critic cheats by growing."""

from gansmith.dynamics import Alternating
from gansmith.games.optimizers import RMSprop
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.terms import Adversarial
from gansmith.terms.losses import Wasserstein


def wgan_naive() -> Recipe:
    """WGAN without any constraint, to show why one is needed: the critic cheats by growing.

    The settings of Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875, less the clipping and the normalisation.
    """
    return Recipe(
        "wgan-naive",
        network=DCGAN(discriminator_norm="none"),
        terms=(Adversarial(Wasserstein()),),
        dynamics=Alternating(n_critic=5, reuse=False),
        players={"discriminator": RMSprop(5e-5), "generator": RMSprop(5e-5)},
    )
