"""What critics make of the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from gansmith.figures.critics import planes, train_critic
from gansmith.figures.figure import ORANGE, Figure, print_sheet, sheet
from gansmith.recipes import recipe
from gansmith.settings import Positive

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REACH = 2.3
CLIP, PENALTY = 0.1, 0.1
SHARED: dict[str, Any] = {"discriminator_activation": "relu", "batch": 128}
CRITICS: dict[str, tuple[str, dict[str, Any]]] = {
    "clipping": ("wgan", {"clip": CLIP, "lr_discriminator": 5e-4, "steps": 1000}),
    "gradient penalty": ("wgan-gp", {"gradient_penalty": PENALTY, "lr_discriminator": 1e-3, "steps": 2500}),
}


def value_surface(clip: Positive = CLIP, penalty: Positive = PENALTY) -> Figure:
    """Level sets of the critic on three data sets: clipping misses what the gradient penalty sees.

    Args:
        clip: bound c of clipped weights.
        penalty: weight λ of the gradient penalty.
    """
    drawn = sheet(3, 2, width=3.4, height=3.5)
    numbers: dict[str, float] = {}
    plots = iter(drawn.axes)
    own = {"clipping": {"clip": clip}, "gradient penalty": {"gradient_penalty": penalty}}
    for way, (kind, changes) in CRITICS.items():
        for name, data in planes().items():
            critic = train_critic(recipe(kind, **(SHARED | changes | own[way])), data)
            points = data.sample(1000, torch.Generator().manual_seed(7))
            axes = next(plots)
            _draw(axes, critic, points)
            numbers[f"{name}, {way}"] = contrast(critic, points)
            if data.modes is not None:
                numbers[f"{name}, {way}: modes seen"] = float(seen(critic, data.modes).sum())
            axes.set_title(f"{name}, {way}\ncontrast {numbers[f'{name}, {way}']:.2f}", fontsize=9.5)
    caption = (
        "Level sets of D (bright is high) around data (dots); each band covers the same share of the square. The "
        f"generator is held at data plus N(0, 1) noise. Above, weights clamped to ±{clip:g}; below, {penalty:g} "
        "E(‖∇D‖ − 1)². "
        "Contrast: how far D at data lies above D a quarter away, in standard deviations of D on the square. A clipped "
        "critic sees one hill. The penalised one rises at the arms of the roll and at "
        f"{numbers['8 Gaussians, gradient penalty: modes seen']:.0f} of 8 modes, but only at "
        f"{numbers['25 Gaussians, gradient penalty: modes seen']:.0f} of 25 (clipped: "
        f"{numbers['8 Gaussians, clipping: modes seen']:.0f} and {numbers['25 Gaussians, clipping: modes seen']:.0f}): "
        "a mode "
        "is seen if D there lies above D at all 16 points a quarter away. After Gulrajani et al. 2017, figure 1a."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def contrast(critic: nn.Module, points: Tensor, away: float = 0.25) -> float:
    """Return E D(x) − E D(x + u), u of length `away` in all directions, over D's deviation on the square."""
    angles = torch.arange(16) * (2 * torch.pi / 16)
    around = (points[:, None] + away * torch.stack([angles.cos(), angles.sin()], dim=1)).flatten(0, 1)
    with torch.no_grad():
        fall = critic(points).logits.mean() - critic(around).logits.mean()
        return float(fall / critic(_square(40)).logits.std())


def seen(critic: nn.Module, modes: Tensor, away: float = 0.25) -> Tensor:
    """Return which of the modes (M, 2) are hills of D: it is higher there than at 16 points `away` from them, (M,)."""
    angles = torch.arange(16) * (2 * torch.pi / 16)
    around = modes[:, None] + away * torch.stack([angles.cos(), angles.sin()], dim=1)
    with torch.no_grad():
        below = critic(around.flatten(0, 1)).logits.reshape(len(modes), 16)
        hills: Tensor = (critic(modes).logits[:, None] > below).all(dim=1)
    return hills


def _square(side: int) -> Tensor:
    line = torch.linspace(-REACH, REACH, side)
    return torch.cartesian_prod(line, line)


def _draw(axes: Axes, critic: nn.Module, points: Tensor, side: int = 120) -> None:
    with torch.no_grad():
        values = critic(_square(side)).logits.double().reshape(side, side).T.numpy()
    line = np.linspace(-REACH, REACH, side)
    levels = np.quantile(values, np.linspace(0, 1, 19))
    axes.contourf(line, line, values, levels=levels, colors=_shades(len(levels) - 1))
    axes.contour(line, line, values, levels=levels[1:-1], colors="white", linewidths=0.6, linestyles="solid")
    axes.plot(*points[:400].T.numpy(), ".", color=ORANGE, ms=2.5)
    axes.set(aspect="equal", xlabel="x₁", ylabel="x₂")


def _shades(count: int) -> Any:
    import matplotlib

    return matplotlib.colormaps["viridis"](np.linspace(0.05, 0.95, count))
