"""Several predictors of the same attributes, whose mean says more of a picture than each alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.latent.predictor import Predictor, Reader
from gansmith.streams import forked


class Ensemble(Reader):
    """Images → the mean of the logits of several predictors (N, A).

    Following the gradient of one predictor changes what that one looks at, more than what a picture shows. What
    several of different forms agree on is in the picture: see docs/steering.md for what that is worth.

    Args:
        members: read the same attributes off images of the same shape.

    Raises:
        GansmithError: if there are none, or they read others.
    """

    def __init__(self, members: Iterable[Predictor]) -> None:
        super().__init__()
        every = list(members)
        if not every or any((one.shape, one.names) != (every[0].shape, every[0].names) for one in every):
            raise GansmithError("an ensemble needs a predictor at least, and all of them for the same images and names")
        self.shape, self.names = every[0].shape, every[0].names
        self.members = nn.ModuleList(every)

    def forward(self, x: Tensor) -> Tensor:
        return torch.stack([member(x) for member in self.members]).mean(dim=0)


def reader_from(tensors: Mapping[str, Tensor], shape: tuple[int, ...], names: Sequence[str]) -> Reader:
    """Return the predictor, or the ensemble, whose state these tensors are."""
    members: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("members."):
            _, number, own = name.split(".", 2)
            members.setdefault(number, {})[own] = tensor
    if not members:
        return _predictor(tensors, shape, names)
    return Ensemble(_predictor(members[number], shape, names) for number in sorted(members, key=int))


def _predictor(tensors: Mapping[str, Tensor], shape: tuple[int, ...], names: Sequence[str]) -> Predictor:
    own = {"pooled": torch.tensor(False), **tensors}
    hidden = len(max((tensor for tensor in own.values() if tensor.dim() == 2), key=Tensor.numel))
    with forked():  # its weights are drawn, and then replaced
        network = Predictor(shape, names, len(own["body.0.weight"]), hidden, bool(own["pooled"]))
    network.load_state_dict(own)
    return network
