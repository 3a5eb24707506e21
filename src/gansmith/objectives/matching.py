"""Costs that hold the statistics of features of fakes to those of real samples."""

from __future__ import annotations

from torch import Tensor


def _covariance(features: Tensor) -> Tensor:
    """Return the unbiased covariance (F, F) of features (N, F), N > 1."""
    centred = features - features.mean(0)
    return centred.T @ centred / (len(features) - 1)


def feature_matching(real: Tensor, fake: Tensor, covariance: float = 0.0) -> Tensor:
    """Return ‖mean f(x) − mean f(G(z))‖² + covariance · ‖Cov f(x) − Cov f(G(z))‖²_F.

    Args:
        real, fake: (N, F) features of real and of fake samples; each may have its own N, above 1 for covariances.
        covariance: weight of the covariances; with 0 only the means are matched.

    Salimans et al. 2016, "Improved techniques for training GANs", arXiv 1606.03498; covariances: Mroueh, Sercu, Goel
    2017, "McGan", arXiv 1702.08398, in the nuclear norm there. The Frobenius norm needs no singular values.

    >>> import torch
    >>> real, fake = torch.tensor([[1.0], [3.0]]), torch.tensor([[0.0], [0.0]])
    >>> feature_matching(real, fake).item(), feature_matching(real, fake, covariance=1.0).item()
    (4.0, 8.0)
    """
    cost = (real.mean(0) - fake.mean(0)).square().sum()
    if covariance:
        cost = cost + covariance * (_covariance(real) - _covariance(fake)).square().sum()
    return cost
