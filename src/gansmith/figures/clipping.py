"""What clipping does to a critic's weights and to the gradients that pass through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from gansmith.figures.critics import planes, train_critic
from gansmith.figures.figure import BLUE, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.recipes import recipe
from gansmith.settings import Count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = 600
CLIPS = (0.1, 0.01, 0.001)
SHARED: dict[str, Any] = {
    "hidden": 64,
    "discriminator_layers": 12,
    "discriminator_activation": "relu",
    "lr_discriminator": 1e-3,
    "batch": 64,
}


def clipping(steps: Count = STEPS) -> Figure:
    """Clipped weights pile up at ±c and gradients explode or vanish with depth; the gradient penalty does neither.

    Args:
        steps: of each critic.
    """
    critics = {f"clipped, c = {c:g}": deep_critic("wgan", steps, clip=c) for c in CLIPS}
    critics["gradient penalty"] = deep_critic("wgan-gp", steps)
    numbers = {f"clipped, c = {c:g}: piled up": piled_up(critics[f"clipped, c = {c:g}"], c) for c in CLIPS}
    numbers["at first"] = piled_up(deep_critic("wgan", 1, clip=CLIPS[0]), CLIPS[0])
    drawn = sheet(3, width=4.2, height=3.9)
    for axes, name, colour in zip(
        drawn.axes, (f"clipped, c = {CLIPS[0]:g}", "gradient penalty"), (ORANGE, BLUE), strict=False
    ):
        _histogram(axes, weights_of(critics[name]), name, colour)
    depth = drawn.axes[2]
    for colour, (name, critic) in zip((ORANGE, GREEN, PURPLE, BLUE), critics.items(), strict=True):
        norms = gradient_norms(critic)
        numbers[f"{name}: factor per layer"] = factor_per_layer(norms)
        shown = norms.where(norms > 1e-20, torch.nan)  # further down, single precision loses it
        depth.plot(range(1, len(norms) + 1), shown, color=colour, marker=".", label=name)
    depth.set(yscale="log", xlabel="hidden layer (1 is next to x)", ylabel="‖∂ E D(x) / ∂ layer‖", ylim=(1e-20, 1e6))
    depth.set_title("gradient norm on its way down", fontsize=10)
    depth.legend(fontsize=8, frameon=False, loc="lower right")
    caption = _caption(numbers, steps)
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _caption(numbers: Mapping[str, float], steps: int) -> str:
    largest = f"clipped, c = {CLIPS[0]:g}"
    factors = ", ".join(f"{numbers[f'clipped, c = {c:g}: factor per layer']:.2g} (c = {c:g})" for c in CLIPS)
    return (
        f"WGAN critics of 12 hidden layers after {steps} moves on the Swiss roll against itself + N(0, 1). With all "
        f"weights clamped to [−c, c], {numbers[f'{largest}: piled up']:.0%} of them lie within 1 % of ±c for c = "
        f"{CLIPS[0]:g} ({numbers['at first']:.0%} after the first clamp); the gradient penalty 10 E(‖∇D‖ − 1)² lets "
        f"them be. From each layer to the one below, the gradient is multiplied by {factors}, and by "
        f"{numbers['gradient penalty: factor per layer']:.2g} with the penalty. After Gulrajani et al. 2017, figure 1b."
    )


def deep_critic(kind: str, steps: int, **changes: Any) -> nn.Module:
    """Return a critic of 12 hidden layers, trained on the Swiss roll."""
    return train_critic(recipe(kind, steps=steps, **(SHARED | changes)), planes()["Swiss roll"])


def weights_of(critic: nn.Module) -> Tensor:
    """Return all weights in one row."""
    return nn.utils.parameters_to_vector(critic.parameters()).detach()


def piled_up(critic: nn.Module, c: float) -> float:
    """Return the share of weights within 1 % of ±c."""
    return float((weights_of(critic).abs() - c).abs().le(0.01 * c).double().mean())


def gradient_norms(critic: nn.Module, count: int = 512) -> Tensor:
    """Return ‖∂ E D(x) / ∂ h‖ of every hidden layer h, the lowest first, over data x."""
    x = planes()["Swiss roll"].sample(count, torch.Generator().manual_seed(1))
    hidden: list[Tensor] = []
    hooks = [
        layer.register_forward_hook(lambda _, __, output: hidden.append(output))
        for layer in critic.modules()
        if isinstance(layer, nn.ReLU)
    ]
    gradients = torch.autograd.grad(critic(x).logits.mean(), hidden)
    for hook in hooks:
        hook.remove()
    return torch.stack([gradient.double().norm() for gradient in gradients])


def factor_per_layer(norms: Tensor) -> float:
    """Return by how much a gradient is multiplied from layer to layer on its way down, on geometric average.

    >>> factor_per_layer(torch.tensor([4.0, 2.0, 1.0]))
    2.0
    """
    known = norms[norms > 1e-30]  # below that, single precision keeps few digits or none
    return float((known[0] / known[-1]) ** (1 / (len(known) - 1)))


def _histogram(axes: Axes, weights: Tensor, name: str, colour: str) -> None:
    reach = float(weights.abs().quantile(0.998)) * 1.1
    shares, edges = np.histogram(weights.numpy(), bins=55, range=(-reach, reach))
    axes.stairs(shares / len(weights), edges, fill=True, color=colour)
    axes.set(xlabel="weight", ylabel="share of all weights", title=name)
    axes.title.set_fontsize(10)
