"""How much of a code or a label a sample gives away, in nats, as plain functions of a recogniser's answers."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional

from gansmith.objectives.losses import cross_entropy


def categorical_bound(logits: Tensor, codes: Tensor) -> Tensor:
    """Return E log Q(c|x) + log K ≤ I(c; x), for codes c drawn uniformly from K categories.

    The bound is tight where Q is the true posterior; it is at most log K, and negative where Q does worse than
    guessing.

    Args:
        logits: (N, K) log Q(c|x) up to a constant per sample.
        codes: (N,) int64, what the samples were made from.

    Chen et al. 2016, "InfoGAN", arXiv 1606.03657.

    >>> import torch
    >>> categorical_bound(torch.zeros(3, 10), torch.tensor([0, 4, 9])).abs().item() < 1e-6  # guessing tells nothing
    True
    """
    return math.log(logits.shape[1]) - label_loss(logits, codes)


def uniform_bound(mean: Tensor, log_deviation: Tensor, codes: Tensor) -> Tensor:
    """Return E log N(c; mean, deviation²) + log 2 ≤ I(c; x) for every code c ~ U(−1, 1), shape (C,).

    log 2 is the entropy of U(−1, 1). The bound is negative where Q does worse than guessing, and nothing is clamped:
    it falls without limit as the deviation goes to 0 beside a wrong mean. A normal Q spills over the ends of [−1, 1],
    so the bound is not quite tight even at best.

    Args:
        mean, log_deviation: (N, C) of Q(c|x), a normal distribution for each code.
        codes: (N, C) in [−1, 1], what the samples were made from.

    Chen et al. 2016, "InfoGAN", arXiv 1606.03657.

    >>> import torch
    >>> uniform_bound(torch.zeros(1, 1), torch.zeros(1, 1), torch.zeros(1, 1)).item()  # log 2 − ½ log 2π
    -0.2257...
    """
    surprise = 0.5 * ((codes - mean) * (-log_deviation).exp()).square() + log_deviation + 0.5 * math.log(2 * math.pi)
    return math.log(2) - surprise.mean(0)


def label_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return −E log Q(label|x), the cross entropy.

    Args:
        logits: (N, K) of a classifier.
        labels: (N,) int64.

    Odena, Olah, Shlens 2017, "Conditional image synthesis with auxiliary classifier GANs", arXiv 1610.09585.

    >>> import torch
    >>> label_loss(torch.zeros(3, 2), torch.tensor([0, 1, 1])).item()  # log 2
    0.6931...
    """
    return functional.cross_entropy(logits, labels)


def attribute_loss(logits: Tensor, attributes: Tensor) -> Tensor:
    """Return E −a log σ(s) − (1 − a) log(1 − σ(s)), the mean over samples and attributes.

    Args:
        logits: (N, K), one for each attribute; attributes do not exclude each other.
        attributes: (N, K) in [0, 1]; between the two, an attribute is there with that probability.

    The classifier's cost of an AC-GAN (Odena, Olah, Shlens 2017, arXiv 1610.09585) for many labels at once.

    >>> import torch
    >>> attribute_loss(torch.tensor([[40.0, -200.0]]), torch.tensor([[1.0, 1.0]])).item()
    100.0
    """
    return cross_entropy(logits, attributes)
