"""How much of pictures' energy lies at which spatial frequency: what blur takes away."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.numerics import in_double


def spectrum(x: Tensor) -> Tensor:
    """Return the energy in the bands of spatial frequency k = 1, …, S/2, (S/2,), the mean over pictures and channels.

    Band k holds the frequencies (u, v) of k − ½ < √(u² + v²) ≤ k + ½ cycles a picture. Its energy is the sum of |x̂|²
    over them, per pixel, so that the energies add up to the variance of pixels within a picture, but for frequencies
    beyond S/2, the corners.

    Args:
        x: (N, C, S, S).

    >>> stripes = torch.cos(torch.arange(8) * torch.pi / 2).expand(1, 1, 8, 8)  # two cycles
    >>> [round(energy, 6) for energy in spectrum(stripes).tolist()]
    [0.0, 0.5, 0.0, 0.0]
    """
    if x.dim() != 4 or x.shape[2] != x.shape[3] or not len(x):
        raise GansmithError(f"spectrum: pictures of shape {tuple(x.shape)} are not (N, C, S, S)")
    side = x.shape[-1]
    energy = torch.fft.fft2(in_double(x), norm="forward").abs().square().mean(dim=(0, 1))
    cycles = torch.fft.fftfreq(side, 1 / side, dtype=torch.float64, device=x.device)
    radius = (cycles[:, None].square() + cycles.square()).sqrt()
    band = (radius - 0.5).ceil().long()  # k − ½ < r ≤ k + ½
    zeros = energy.new_zeros(int(band.max()) + 1)
    bands: Tensor = zeros.index_add(0, band.flatten(), energy.flatten())
    return bands[1 : side // 2 + 1]


def upper_energy(x: Tensor) -> float:
    """Return the energy in the upper half of the bands, above S/4 cycles a picture."""
    bands = spectrum(x)
    return float(bands[len(bands) // 2 :].sum())
