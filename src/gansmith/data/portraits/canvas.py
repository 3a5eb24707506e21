"""Pixels: coordinates, signed distances, and paint.

Every operation on pixels is one of + − × min max abs floor and √ by itself, which are rounded alike wherever they are
computed, so that a portrait has the same bits in every batch. Fused ones (lerp, addcmul, alpha=) and exp are not.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gansmith.data.portraits.traits import Traits

Box = tuple[slice, slice, slice]
"""All portraits, some rows, some columns."""
VIEW, RISE = 0.885, 0.025  # half the picture's side, and how far its middle lies above the origin
REACH = 0.4  # how far from the head's axis a tilted outline is fitted


class Frame:
    """Coordinates of N pictures: of the picture, x and y, and of the head, u and v, in half sides."""

    def __init__(self, look: Traits, size: int) -> None:
        at = (torch.arange(size, dtype=torch.float32) * 2.0 + (1.0 - size)) * (VIEW / size)
        self.look, self.size = look, size
        self.x, self.y = at[None, None, :], at[None, :, None] - RISE
        self.sharp = size / (2.0 * VIEW)  # pixels in a unit
        self.across, down = self.x - look.x, self.y - look.y
        self.axis = look.cosine * down  # (N, S, 1): v where a row meets the head's axis
        self.u = look.cosine * self.across + look.sine * down
        self.v = self.axis - look.sine * self.across
        self.jaw = self.u - look.turn * (self.v * 0.055 + 0.004)  # the chin turns further than the crown
        self.jaw2 = self.jaw * self.jaw
        face = self.u - look.turn * 0.105
        self.face = face + (look.turn * 0.20) * face.abs()  # the far half is seen narrower
        self.aside = self.face.abs()

    def box(self, top: float, bottom: float, left: float = -1.0, right: float = 1.0) -> Box:
        """Return the part of the pictures between these, in x and y."""
        top, bottom = ((edge + RISE + VIEW) * self.sharp for edge in (top, bottom))
        left, right = ((edge + VIEW) * self.sharp for edge in (left, right))
        rows = slice(max(0, int(top)), min(self.size, int(bottom) + 1))
        return slice(None), rows, slice(max(0, int(left)), min(self.size, int(right) + 1))

    def outline(self, squared: Callable[[Tensor], Tensor], across: Tensor | None = None) -> Tensor:
        """Return the signed distance from the shape |u|² < squared(v), positive outside.

        On every row of the picture, `squared` is fitted by a parabola through three points.
        """
        far = self.look.sine * REACH
        here, above, below = squared(self.axis), squared(self.axis - far), squared(self.axis + far)
        bend = ((above + below) * 0.5 - here) * (1.0 / REACH**2)
        slope = (above - below) * (0.5 / REACH)
        near = self.across.clamp(-1.2 * REACH, 1.2 * REACH)
        field = (bend * near + slope) * near + here
        rise = (squared(self.axis + 0.01) - squared(self.axis - 0.01)) * 25.0
        scale = 0.5 / (here.clamp(min=0.0) + rise * rise + 1e-5).pow(0.5)
        return ((self.jaw2 if across is None else across * across) - field) * scale

    def cover(self, distance: Tensor) -> Tensor:
        """Return how much of each pixel is inside."""
        return (0.5 - distance * self.sharp).clamp_(0.0, 1.0)


def ellipse(x: Tensor, y: Tensor, wide: Tensor | float, high: Tensor | float) -> Tensor:
    """Return about the signed distance from an ellipse, exact in its axes' mean."""
    x, y = x * (1.0 / wide), y * (1.0 / high)
    return (x * x + y * y - 1.0) * ((wide + high) * 0.25)


def blob(x: Tensor, y: Tensor, wide: Tensor | float, high: Tensor | float) -> Tensor:
    """Return a soft spot: 1 in the middle, 0 at and beyond the ellipse."""
    x, y = x * (1.0 / wide), y * (1.0 / high)
    inside = (1.0 - x * x - y * y).clamp_(min=0.0)
    return inside * inside


def smooth_max(a: Tensor, b: Tensor, round_by: float) -> Tensor:
    """Return the greater one, with the corner between them rounded."""
    near = (round_by - (a - b).abs()).clamp_(min=0.0)
    return torch.maximum(a, b) + near * near * (0.25 / round_by)


def wave(t: Tensor) -> Tensor:
    """Return a smooth wave between −1 and 1 of period 1, made of two parabolas."""
    t = t - t.floor() - 0.5
    return t * 16.0 * (0.5 - t.abs())


def ramp(low: float, high: float, x: Tensor) -> Tensor:
    """Return 0 below `low`, 1 above `high` and a smooth rise between them."""
    t = ((x - low) * (1.0 / (high - low))).clamp_(0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def paint(canvas: Tensor, cover: Tensor, colour: Tensor, light: Tensor | None = None) -> None:
    """Lay a colour (N, 3, 1, 1), times a light (N, H, W), over a canvas (N, 3, H, W)."""
    change = (colour if light is None else colour * light.unsqueeze(1)) - canvas
    canvas.add_(change.mul_(cover.unsqueeze(1)))


def darken(canvas: Tensor, amount: Tensor) -> None:
    """Take this share of the light away."""
    canvas.mul_((1.0 - amount).unsqueeze(1))
