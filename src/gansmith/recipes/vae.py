"""VAE: an encoder and the generator share one cost, squared error plus KL; there is no adversary."""

from gansmith.dynamics import Simultaneous
from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Posterior, Reconstruction


def vae() -> Recipe:
    """VAE: an encoder and the generator share one cost, squared error plus KL; there is no adversary.

    Kingma, Welling 2014, arXiv 1312.6114, on DCGAN's networks: E‖x − G(z)‖² + KL(q(z|x) ‖ N(0, 1)), z ~ q(z|x), which
    is −log p(x|z) for pixels of variance 1/2 in [−1, 1]. All move at once, so that it is one gradient step of one cost.
    The rival of `vae-gan`.
    """
    adam = Adam(1e-3, (0.5, 0.999))
    return Recipe(
        "vae",
        terms=(Posterior(1.0), Reconstruction(1.0)),
        dynamics=Simultaneous(),
        players={"encoder": adam, "generator": adam},
        by_data={"vectors": {**ON_VECTORS["vectors"], "reconstruction": 50.0}, "plane": ON_VECTORS["plane"]},
        paper={"optimizer": "SGD", "batch": 100},
        bounds={
            "ring": {"modes": 8, "high quality": 0.55},
            "grid": {"modes": 23, "high quality": 0.5},
            "digits": {"fid": 3.5},
        },
    )
