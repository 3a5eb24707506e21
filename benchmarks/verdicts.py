"""A discriminator that no generator was trained against: it learns from data and a generator's samples as they are."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gansmith.latent.predictor import Predictor
from gansmith.streams import forked


def discriminator_of(real: Tensor, samples: Tensor, shown: int) -> Predictor:
    """Return a network that has learnt to tell data from samples; logits (N, 1), higher = more real.

    Args:
        real: images in [−1, 1], (N, C, S, S).
        samples: a generator's, the same.
        shown: how many of both it sees.
    """
    with forked(7):
        network = Predictor(tuple(real.shape[1:]), ["real"], 20, 128)
        optimizer = torch.optim.Adam(network.parameters(), 1e-3)
        network.train()
        with torch.enable_grad():
            for _ in range(shown // 128):
                a, b = (x[torch.randint(len(x), (64,))] for x in (real, samples))
                cost = softplus(-network(a)).mean() + softplus(network(b)).mean()
                optimizer.zero_grad()
                torch.autograd.backward(cost)
                optimizer.step()
    return network.eval()
