"""Penalties that keep a discriminator tame, as plain functions. Norms are per sample, means over the batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def input_gradient(scores: Tensor, x: Tensor) -> Tensor:
    """Return ∇ₓD(x) for every sample, shape of x, itself differentiable.

    Exact where D treats samples one by one; with batch statistics in D, samples see each other's gradient.

    Args:
        scores: (N,) D(x), computed from x.
        x: (N, ...) requires grad.
    """
    (gradient,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
    return gradient


def interpolate(real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """Return x̂ = ε x + (1 − ε) G(z), one ε per sample.

    Args:
        real, fake: (N, ...) samples.
        epsilon: (N,) in [0, 1].

    >>> interpolate(torch.zeros(2, 1), torch.ones(2, 1), torch.tensor([0.0, 0.25])).flatten().tolist()
    [1.0, 0.75]
    """
    weight = epsilon.reshape(-1, *[1] * (real.dim() - 1))
    return weight * real + (1 - weight) * fake


def gradient_penalty(
    critic: Callable[[Tensor], Tensor], x: Tensor, target: float = 1.0, one_sided: bool = False
) -> Tensor:
    """Return E (‖∇D(x̂)‖₂ − target)², or E max(0, ‖∇D(x̂)‖₂ − target)² if one-sided.

    Args:
        critic: maps samples to scores (N,).
        x: (N, ...) points at which the gradient is held, see `interpolate`; the penalty is differentiable in what they
            were computed from.
        target: norm that is free of charge.
        one_sided: charge only for norms above the target.

    Gulrajani et al. 2017, "Improved training of Wasserstein GANs", arXiv 1704.00028; one-sided: Petzka et al. 2018,
    arXiv 1709.08894.

    >>> gradient_penalty(lambda x: 2 * x.sum(1), torch.randn(7, 4)).item()  # ‖∇D‖ = 4 everywhere
    9.0
    """
    points = x if x.requires_grad else x.detach().requires_grad_()
    norm = input_gradient(critic(points), points).flatten(1).norm(dim=1)
    excess = norm - target
    charged: Tensor = excess.clamp_min(0) if one_sided else excess
    return charged.square().mean()


def zero_centred(scores: Tensor, x: Tensor) -> Tensor:
    """Return ½ E‖∇D(x)‖²: R1 where x are real samples, R2 where they are fakes.

    Args:
        scores: (N,) D(x), computed from x.
        x: (N, ...) requires grad.

    Mescheder, Geiger, Nowozin 2018, arXiv 1801.04406.

    >>> x = torch.randn(5, 4, requires_grad=True)
    >>> zero_centred(2 * x.sum(1), x).item()
    8.0
    """
    return 0.5 * input_gradient(scores, x).flatten(1).square().sum(1).mean()


def dragan_points(x: Tensor, uniform: Tensor, spread: float = 0.5) -> Tensor:
    """Return x + spread · std(x) · u, points around the data, std over all elements of the batch.

    Args:
        x: (N, ...) real samples.
        uniform: U[0, 1) numbers, shape of x.

    Kodali et al. 2017, "On convergence and stability of GANs", arXiv 1705.07215.
    """
    return x + spread * x.std() * uniform


def variance(real: Tensor, fake: Tensor) -> Tensor:
    """Return Var D(x) + Var D(G(z)), the unbiased estimates over the batch.

    It bounds the gap between the means where data and generator overlap: D has to vary there to tell them apart, and
    pays for it (Mroueh, Sercu 2017, "Fisher GAN", arXiv 1705.09675, holds the same second moments). On supports that do
    not meet it bounds nothing: a D that is constant on each of them has no variance, and as large a gap as it likes.

    >>> variance(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0])).item()
    2.0
    """
    return real.var() + fake.var()


def drift(real: Tensor) -> Tensor:
    """Return E D(x)²: a critic whose costs know differences alone is kept from drifting away from 0.

    Karras, Aila, Laine, Lehtinen 2018, "Progressive growing of GANs", arXiv 1710.10196, appendix A.1.

    >>> drift(torch.tensor([1.0, 3.0])).item()
    5.0
    """
    return real.square().mean()


def lecam(real: Tensor, fake: Tensor, real_average: Tensor, fake_average: Tensor) -> Tensor:
    """Return E (D(x) − α_F)² + E (D(G(z)) − α_R)²: scores are held to where the other side's have been.

    α_R and α_F are moving averages of E D(x) and E D(G(z)). With Wasserstein's costs this bounds the LeCam divergence.

    Args:
        real, fake: (N,) scores.
        real_average, fake_average: α_R and α_F.

    Tseng et al. 2021, "Regularizing generative adversarial networks under limited data", arXiv 2104.03310, equation 4.

    >>> lecam(torch.tensor([1.0]), torch.tensor([0.0]), torch.tensor(2.0), torch.tensor(-2.0)).item()
    13.0
    """
    return (real - fake_average).square().mean() + (fake - real_average).square().mean()


def pull_away(features: Tensor) -> Tensor:
    """Return the mean squared cosine between the features of different samples, in [0, 1].

    1/(N(N−1)) Σ_{i≠j} (sᵢᵀsⱼ / ‖sᵢ‖‖sⱼ‖)²

    Args:
        features: (N, F), N > 1.

    Zhao, Mathieu, LeCun 2017, "Energy-based GAN", arXiv 1609.03126.

    >>> pull_away(torch.eye(3)).item()
    0.0
    """
    n = len(features)
    unit = torch.nn.functional.normalize(features.flatten(1), dim=1)
    return ((unit @ unit.T).square().sum() - unit.square().sum(1).square().sum()) / (n * (n - 1))


def clip_weights(parameters: Sequence[Tensor], c: float) -> None:
    """Clip every weight to [−c, c], in place.

    Arjovsky, Chintala, Bottou 2017, "Wasserstein GAN", arXiv 1701.07875.
    """
    with torch.no_grad():
        for parameter in parameters:
            parameter.clamp_(-c, c)
