"""Whether what a network ends in can give what is asked of it: read off the graph, so that functions count too."""

from __future__ import annotations

import math
import warnings

from torch import Tensor

SHAPING = (
    "View",
    "UnsafeView",
    "Reshape",
    "Squeeze",
    "Unsqueeze",
    "Flatten",
    "Select",
    "Permute",
    "Transpose",
    "Clone",
)
REACH = {
    "Sigmoid": (0.0, 1.0),
    "Hardsigmoid": (0.0, 1.0),
    "Softmax": (0.0, 1.0),
    "Tanh": (-1.0, 1.0),
    "Relu": (0.0, math.inf),
    "Softplus": (0.0, math.inf),
}
"""Functions whose values have an end, and the ends."""
NO_LOGITS = ("Sigmoid", "Hardsigmoid", "Softmax", "LogSigmoid", "LogSoftmax")
SLACK = 0.05  # by which data may lie beyond


def check_reach(fake: Tensor, real: Tensor) -> None:
    """Warn if a generator ends in a function that cannot reach what the real samples hold."""
    last = ends_in(fake)
    low, high = REACH.get(last, (-math.inf, math.inf))
    least, most = real.detach().min().item(), real.detach().max().item()
    if least < low - SLACK or most > high + SLACK:
        mend = "end it with nn.Tanh()" if real.dim() == 4 else "leave it out, or use --standardize"
        warnings.warn(
            f"the generator ends in a {last}, whose values are {_between(low, high)}, and the samples it is to make "
            f"run from {least:.3g} to {most:.3g}: {mend}",
            stacklevel=3,
        )


def check_logits(name: str, scores: Tensor) -> None:
    """Warn if a discriminator's scores are no logits any more."""
    last = ends_in(scores)
    if last in NO_LOGITS:
        warnings.warn(f"the {name} ends in a {last}, and scores are logits here: leave it out", stacklevel=3)


def ends_in(values: Tensor) -> str:
    """Return the name of the last function that was applied to values, apart from those that change their shape alone.

    >>> import torch
    >>> ends_in(torch.zeros(2, 1, requires_grad=True).sigmoid().squeeze(1))
    'Sigmoid'
    """
    node = values.grad_fn
    while node is not None:
        name = node.name().partition("Backward")[0]
        if not any(name == shaping or name == f"_{shaping}" for shaping in SHAPING) or not node.next_functions:
            return name
        node = node.next_functions[0][0]
    return ""


def _between(low: float, high: float) -> str:
    return f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
