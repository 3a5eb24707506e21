"""The discriminator at its best: D*, the value of the game, and how far a trained one is from it.

Densities and distributions are as in `divergences`. Scores are logits, D = σ(score).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from gansmith.numerics import in_double
from gansmith.theory.divergences import distributions, js


def optimal_discriminator(p_r: Tensor, p_g: Tensor) -> Tensor:
    """Return D* = p_r / (p_r + p_g), the best answer to a generator; ½ where neither is, and nothing is asked.

    Goodfellow et al. 2014, arXiv 1406.2661, proposition 1.

    Args:
        p_r, p_g: densities of the data and of the generator at the same points, of one shape.

    >>> optimal_discriminator(torch.tensor([0.3, 0.2, 0.0]), torch.tensor([0.1, 0.2, 0.4]))
    tensor([0.7500, 0.5000, 0.0000])
    """
    return torch.where(p_r + p_g > 0, p_r / (p_r + p_g), 0.5)


def optimal_score(log_p_r: Tensor, log_p_g: Tensor) -> Tensor:
    """Return the logit of D*, log p_r − log p_g; from logarithms, so that it holds far out in the tails.

    >>> torch.sigmoid(optimal_score(torch.tensor([0.3]).log(), torch.tensor([0.1]).log()))
    tensor([0.7500])
    """
    return torch.where(log_p_r == log_p_g, 0.0, log_p_r - log_p_g)  # −∞ − (−∞) has no value, D* = ½ there


def value(real: Tensor, fake: Tensor) -> float:
    """Return V(D, G) = E log D(x) + E log(1 − D(G(z))), from the scores of samples, (M,) and (N,).

    Goodfellow et al. 2014, arXiv 1406.2661, equation 1.

    >>> value(torch.zeros(3), torch.zeros(2))  # −log 4
    -1.386294...
    """
    return float(logsigmoid(in_double(real)).mean() + logsigmoid(-in_double(fake)).mean())


def value_on_grid(score: Tensor, p_r: Tensor, p_g: Tensor, cell: float = 1.0) -> float:
    """Return V(D, G) = ∫ p_r log D + p_g log(1 − D), exactly, from D's scores on a grid of densities.

    Args:
        score, p_r, p_g: one shape.

    >>> same = torch.tensor([0.5, 0.5])
    >>> value_on_grid(torch.tensor([0.0, 0.0]), same, same)  # −log 4
    -1.386294...
    """
    p_r, p_g = distributions(p_r, p_g, cell)
    score = in_double(score)
    real = torch.where(p_r > 0, p_r * logsigmoid(score), 0)  # D* is 0 or 1 where only one of them is
    fake = torch.where(p_g > 0, p_g * logsigmoid(-score), 0)
    return float((real + fake).sum() * cell)


def best_value(p_r: Tensor, p_g: Tensor, cell: float = 1.0) -> float:
    """Return max_D V(D, G) = 2 JS(p_r, p_g) − log 4, which is −log 4 exactly if p_g = p_r and never below.

    Goodfellow et al. 2014, arXiv 1406.2661, theorem 1.

    >>> best_value(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]))
    0.0
    """
    return 2 * js(p_r, p_g, cell) - math.log(4)


def js_bound(real: Tensor, fake: Tensor) -> float:
    """Return (V + log 4) / 2, what this discriminator sees of JS(p_r, p_g), from the scores of samples.

    No discriminator sees more than there is: it is a lower bound of JS, but for the spread of the means over samples
    that D was not trained on. On D's own training samples it can be anything up to log 2.

    >>> js_bound(torch.zeros(3), torch.zeros(2))
    0.0
    """
    return (value(real, fake) + math.log(4)) / 2


def distance_to_optimal(score: Tensor, log_p_r: Tensor, log_p_g: Tensor, weight: Tensor | None = None) -> float:
    """Return E |D(x) − D*(x)| over the points given, equally weighed unless told otherwise.

    For the mean under the mixture ½ (p_r + p_g), of which D sees its samples, give as many real samples as fake ones,
    or points of a grid with weights p_r + p_g.

    Args:
        score: (N,) D's scores at the points.
        log_p_r, log_p_g: (N,) both log densities there.
        weight: (N,) of any sum.

    >>> half = torch.tensor([0.5]).log()
    >>> distance_to_optimal(torch.tensor([0.0]), 3 * half, half)  # D = ½, D* = ⅕
    0.3000...
    """
    gap = (torch.sigmoid(in_double(score)) - torch.sigmoid(optimal_score(in_double(log_p_r), in_double(log_p_g)))).abs()
    return float(gap.mean() if weight is None else (gap * weight).sum() / weight.sum())
