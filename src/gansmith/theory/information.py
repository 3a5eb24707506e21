"""Entropy and mutual information of tables of probabilities, exactly, in nats."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.numerics import in_double


def entropy(p: Tensor) -> float:
    """Return H(p) = −Σ p log p of probabilities of any shape.

    Raises:
        GansmithError: if they are no distribution.

    Shannon 1948, "A mathematical theory of communication".

    >>> entropy(torch.full((4,), 0.25)), math.log(4)
    (1.386294..., 1.386294...)
    """
    p = _probabilities(p)
    return -float(torch.special.xlogy(p, p).sum())


def conditional_entropy(joint: Tensor) -> float:
    """Return H(c|x) = H(c, x) − H(x) of a joint table P(c, x), (C, X).

    >>> conditional_entropy(torch.eye(2) / 2)  # x tells c
    0.0
    """
    return entropy(joint) - entropy(joint.sum(0))


def mutual_information(joint: Tensor) -> float:
    """Return I(c; x) = H(c) − H(c|x) of a joint table P(c, x), (C, X): between 0 and the smaller of H(c), H(x).

    >>> mutual_information(torch.eye(2) / 2), mutual_information(torch.full((2, 2), 0.25))  # log 2, and nothing
    (0.693147..., 0.0)
    """
    return entropy(joint.sum(1)) - conditional_entropy(joint)


def posterior(joint: Tensor) -> Tensor:
    """Return P(c|x), (C, X), of a joint table; a column of an x that never comes is uniform.

    >>> posterior(torch.tensor([[0.1, 0.0], [0.3, 0.6]]))[:, 0]
    tensor([0.2500, 0.7500], dtype=torch.float64)
    """
    joint = _probabilities(joint)
    mass = joint.sum(0)
    return torch.where(mass > 0, joint / mass.clamp_min(1e-300), 1 / len(joint))


def bound(joint: Tensor, q: Tensor) -> float:
    """Return E log Q(c|x) + H(c) ≤ I(c; x), short of it by E KL(P(c|x)‖Q(c|x)): tight where Q is the posterior.

    Args:
        joint: (C, X) P(c, x).
        q: (C, X) Q(c|x), columns of sum 1.

    Raises:
        GansmithError: if a column of Q is no distribution.

    Barber, Agakov 2003, "The IM algorithm"; Chen et al. 2016, "InfoGAN", arXiv 1606.03657, equation 4.

    >>> joint = torch.tensor([[0.4, 0.1], [0.1, 0.4]])
    >>> abs(bound(joint, posterior(joint)) - mutual_information(joint)) < 1e-6
    True
    >>> abs(bound(joint, torch.full((2, 2), 0.5))) < 1e-6  # guessing
    True
    """
    joint, q = _probabilities(joint), in_double(q)
    if q.shape != joint.shape or not (q >= 0).all() or not torch.allclose(q.sum(0), q.new_ones(q.shape[1])):
        raise GansmithError(f"Q(c|x) has to be {tuple(joint.shape)}, each column a distribution of c")
    return float(torch.special.xlogy(joint, q).sum()) + entropy(joint.sum(1))


def _probabilities(p: Tensor) -> Tensor:
    p = in_double(p)
    if not (p >= 0).all() or not math.isclose(float(p.sum()), 1, abs_tol=1e-6):
        raise GansmithError(f"probabilities are not negative and sum to 1; these sum to {float(p.sum()):g}")
    return p
