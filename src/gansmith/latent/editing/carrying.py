"""An edit carried back to the photograph that a sample stands for."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from gansmith.errors import GansmithError

STILL, MOVED = 0.06, 0.2  # of a pixel's change: below the one nothing is carried, above the other all of it


def carried(photograph: Tensor, before: Tensor, after: Tensor) -> Tensor:
    """Return a photograph (C, H, W) with what an edit changed in the sample that stands for it, (C, H, W).

    x + m · (G(u) − G(u₀)), both enlarged to the photograph's size, so that its own details stay; m rises from 0 to 1
    with the size of the change, so that where the samples hardly differ the photograph stays as it is. Zhu et al. 2016,
    arXiv 1609.03552, section 4.2, carry motion as well; here shapes that move leave a shade of what was there.

    Args:
        photograph: in [−1, 1], square.
        before: (C, S, S) sample that is nearest to it.
        after: (C, S, S) edited sample.

    Raises:
        GansmithError: if channels differ, or it is not square.
    """
    side = photograph.shape[-1]
    if photograph.dim() != 3 or photograph.shape[1] != side or len(photograph) != len(before):
        shapes = f"{tuple(photograph.shape)} and {tuple(before.shape)}"
        raise GansmithError(
            f"carrying back: a photograph and a sample of {shapes} are not square, of the same channels"
        )
    change = interpolate((after - before)[None], size=(side, side), mode="bicubic", align_corners=False)[0]
    size = change.square().mean(dim=0).sqrt()
    part = ((size - STILL) / (MOVED - STILL)).clamp(0, 1)
    return torch.where(part > 0, photograph + part * change, photograph).clamp(-1, 1)
