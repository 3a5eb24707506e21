"""How far samples are from what they were made from, as plain functions."""

from __future__ import annotations

from torch import Tensor


def squared_error(x: Tensor, again: Tensor) -> Tensor:
    """Return E ‖x − x̂‖², summed over the numbers of a sample.

    Args:
        x, again: (N, ...).

    >>> import torch
    >>> squared_error(torch.zeros(2, 3), torch.ones(2, 3)).item()
    3.0
    """
    return (x - again).square().flatten(1).sum(1).mean()


def mean_squared_error(x: Tensor, answer: Tensor) -> Tensor:
    """Return E (x − x̂)², the mean over samples and their numbers.

    Args:
        x, answer: (N, ...).
    """
    return (x - answer).square().mean()


def kl_from_normal(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return E KL(N(μ, σ²) ‖ N(0, 1)) = ½ E Σ (μ² + σ² − 1 − log σ²), in nats.

    Kingma, Welling 2014, "Auto-encoding variational Bayes", arXiv 1312.6114, appendix B.

    Args:
        mean, log_variance: (N, latent) μ and log σ².

    >>> import torch
    >>> kl_from_normal(torch.ones(1, 2), torch.zeros(1, 2)).item()
    1.0
    """
    return (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean() / 2
