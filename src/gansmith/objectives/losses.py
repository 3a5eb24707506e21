"""Adversarial losses: pairs of plain functions on logits.

Higher scores mean more real. Every cost takes the scores of real and of fake samples, (N,) each, and returns a mean
over the batch that its player minimises. Only forms that stay finite for every finite score are used.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus


def cross_entropy(logits: Tensor, target: Tensor | float) -> Tensor:
    """Return the mean of −t log σ(s) − (1 − t) log(1 − σ(s)).

    >>> cross_entropy(torch.zeros(2), 1.0).item()  # log 2
    0.6931471824645996
    """
    if not isinstance(target, Tensor) and target in (0.0, 1.0):  # half of the work
        return softplus(-logits if target else logits).mean()
    return (target * softplus(-logits) + (1 - target) * softplus(logits)).mean()


def logistic_discriminator(
    real: Tensor, fake: Tensor, real_target: Tensor | float = 1.0, fake_target: Tensor | float = 0.0
) -> Tensor:
    """Return −E log D(x) − E log(1 − D(G(z))), D = σ(score).

    Goodfellow et al. 2014, arXiv 1406.2661. At D = ½ it is log 4.
    """
    return cross_entropy(real, real_target) + cross_entropy(fake, fake_target)


def minimax_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E log(1 − D(G(z))): the generator's side of the minimax game; it saturates where D is sure.

    Goodfellow et al. 2014, arXiv 1406.2661.
    """
    return -softplus(fake).mean()


def nonsaturating_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Return −E log D(G(z)): same fixed point as minimax, strong gradient where D is sure.

    Goodfellow et al. 2014, arXiv 1406.2661, section 3.
    """
    return softplus(-fake).mean()


def least_squares_discriminator(
    real: Tensor, fake: Tensor, real_target: Tensor | float = 1.0, fake_target: Tensor | float = 0.0
) -> Tensor:
    """Return ½ E(D(x) − 1)² + ½ E D(G(z))².

    Mao et al. 2017, "Least squares GANs", arXiv 1611.04076, with a = 0, b = c = 1.
    """
    return 0.5 * (real - real_target).square().mean() + 0.5 * (fake - fake_target).square().mean()


def least_squares_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Return ½ E(D(G(z)) − 1)². Mao et al. 2017, arXiv 1611.04076."""
    return 0.5 * (fake - 1).square().mean()


def wasserstein_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E D(G(z)) − E D(x): minus the critic's estimate of the earth mover's distance.

    Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875. Needs a Lipschitz constraint, or the critic only grows.
    """
    return fake.mean() - real.mean()


def wasserstein_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Return −E D(G(z)). Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875."""
    return -fake.mean()


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E max(0, 1 − D(x)) + E max(0, 1 + D(G(z))).

    Lim, Ye 2017, "Geometric GAN", arXiv 1705.02894; its generator's cost is Wasserstein's.
    """
    return relu(1 - real).mean() + relu(1 + fake).mean()


def flipped_view(scores: Tensor) -> Tensor:
    """Return f = 2D − 1 in [−1, 1] for the flipped labels fake = 1, real = 0, where D = σ(−score) = P(fake).

    >>> flipped_view(torch.zeros(1)).item()
    0.0
    """
    return 2 * torch.sigmoid(-scores) - 1


def margin_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E max(0, 1 + f(x)) + E max(0, 1 − f(G(z))), f = 2D − 1 with fake = 1 and real = 0.

    This is the hinge loss of the bounded score −f = tanh(score / 2).
    """
    return relu(1 + flipped_view(real)).mean() + relu(1 - flipped_view(fake)).mean()


def margin_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E f(G(z)): the generator wants its samples called real, f = −1."""
    return flipped_view(fake).mean()


def energy_discriminator(real: Tensor, fake: Tensor, margin: float) -> Tensor:
    """Return E E(x) + E max(0, m − E(G(z))), energy E = −score.

    Zhao, Mathieu, LeCun 2017, "Energy-based GAN", arXiv 1609.03126.
    """
    return -real.mean() + relu(margin + fake).mean()


def relativistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E log(1 + e^−(D(x) − D(G(z)))), real and fake paired by their place in the batch.

    Jolicoeur-Martineau 2018, arXiv 1807.00734; Huang et al. 2024 (R3GAN), arXiv 2501.05441.
    """
    return softplus(fake - real).mean()


def relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E log(1 + e^−(D(G(z)) − D(x))). Jolicoeur-Martineau 2018, arXiv 1807.00734."""
    return softplus(real - fake).mean()


def relativistic_average_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Return E log(1 + e^−(D(x) − E D(G(z)))) + E log(1 + e^(D(G(z)) − E D(x))): each side against the other's mean.

    Jolicoeur-Martineau 2018, "The relativistic discriminator", arXiv 1807.00734, section 4.

    >>> relativistic_average_discriminator(torch.zeros(2), torch.zeros(2)).item()  # log 4
    1.3862943649291992
    """
    return softplus(fake.mean() - real).mean() + softplus(fake - real.mean()).mean()


def relativistic_average_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Return the same with real and fake exchanged. Jolicoeur-Martineau 2018, arXiv 1807.00734, section 4."""
    return relativistic_average_discriminator(fake, real)
