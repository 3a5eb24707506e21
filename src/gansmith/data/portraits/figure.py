"""Backdrop, body, and the head without its features."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.data.portraits.canvas import Frame, blob, darken, ellipse, paint, ramp, smooth_max, wave


def head_shape(frame: Frame, v: Tensor, grown: Tensor | float = 0.0) -> Tensor:
    """Return the squared half width of the head at heights v, all around wider by `grown`."""
    look = frame.look
    up = (v * (-1.0 / (look.high + grown))).clamp(min=0.0)
    down = (v * (1.0 / (look.deep + grown))).clamp(min=0.0, max=1.15)
    up, down = up * up, down * down
    sag = (1.0 - down).clamp(min=0.0)
    shape = 1.0 - up * (0.78 + 0.22 * up) - down * (1.0 - look.jaw + look.jaw * down)
    shape = shape + look.jowl * down * sag * sag
    wide = look.wide + grown
    return wide * wide * shape


def backdrop(frame: Frame) -> Tensor:
    """Return the canvas (N, 3, S, S): a wall, lighter where the light comes from and behind the head."""
    look = frame.look
    glow = 1.0 - look.fall * (frame.y + 0.3) - (0.10 * look.light) * frame.x
    glow = glow + blob(frame.x, frame.y + 0.1, 1.5, 1.5) * 0.13
    return look.backdrop * glow.unsqueeze(1)


def neck(frame: Frame, canvas: Tensor, outline: Tensor) -> None:
    """Paint the neck, with the head's shadow on it."""
    look = frame.look
    box = frame.box(0.1, 1.0, -0.65, 0.65)
    x, y = (frame.x - look.x * 0.8)[..., box[2]], frame.y[:, box[1]]
    spread = (y - 0.56).clamp(min=0.0)
    distance = torch.maximum(x.abs() - look.neck - spread * spread * 2.2, 0.18 - y)
    shadow = ramp(0.24, 0.0, outline[box]) * 0.42
    light = (1.0 - (0.16 * look.light) * x * 2.0) * (0.95 - shadow) - x * x * 0.5
    paint(canvas[:, :, box[1], box[2]], frame.cover(distance), look.skin, light)


def clothes(frame: Frame, canvas: Tensor) -> None:
    """Paint the shoulders in cloth, with a round, pointed or rolled collar."""
    look = frame.look
    box = frame.box(0.42, 1.0)
    x, y = frame.x - look.x * 0.6, frame.y[:, box[1]] - look.y * 0.4
    distance = ellipse(x, y - 1.16, look.shoulders * 1.10, 0.54)
    away = x.abs()
    round_cut = ellipse(x, y - 0.60, look.neck + 0.07, 0.17)
    pointed = (away * 1.5 + y - 0.66 - 1.5 * look.neck) * 0.55
    pointed = torch.maximum(pointed, y - 0.98)
    cut = round_cut + look.vee * (pointed - round_cut)
    rolled = smooth_max(away - look.neck - 0.035, 0.525 - y, 0.06)
    distance = torch.maximum(distance, -cut)
    distance = distance + look.roll * (torch.minimum(distance, rolled) - distance)
    light = 1.0 - (0.20 * look.light) * x - ramp(-0.16, 0.02, distance) * 0.16 - away * away * 0.12
    light = light - (look.stripes * 0.22) * ramp(-0.25, 0.25, wave(y * look.stripe_count)) + 0.05
    canvas = canvas[:, :, box[1]]
    shade = ramp(0.10, -0.02, distance) * 0.18
    cover = frame.cover(distance)
    darken(canvas, shade * (1.0 - cover))
    paint(canvas, cover, look.cloth, light)
    panel = torch.maximum(distance, away - 0.10 - (1.0 - y) * 0.32)
    darken(canvas, ramp(0.07, 0.0, panel) * cover * look.jacket * 0.22)
    paint(canvas, frame.cover(panel) * look.jacket, look.trim, light * 0.96)
    band = torch.maximum(distance, cut - 0.05)
    band = band + look.roll * (torch.maximum(rolled, y - 0.66) - band)
    paint(canvas, frame.cover(band) * torch.maximum(look.trimmed * 0.9, look.roll * 0.5), look.trim, light)


def ears(frame: Frame, canvas: Tensor) -> None:
    """Paint both ears; the one on the far side of a turned head shows less."""
    look = frame.look
    box = frame.box(-0.35, 0.42, -0.75, 0.75)
    u, v = frame.u[box], frame.v[box]
    u = u + look.turn * 0.03
    distance = ellipse(u.abs() - look.wide - 0.012, v - 0.055, 0.062, look.ear + 0.015)
    light = 0.95 - blob(u.abs() - look.wide - 0.016, v - 0.05, 0.048, look.ear * 0.8) * 0.30
    light = light - (0.16 * look.light) * u
    paint(canvas[:, :, box[1], box[2]], frame.cover(distance), look.skin, light)


def head(frame: Frame, canvas: Tensor, outline: Tensor) -> None:
    """Paint the head: round, lit from one side, with rosy cheeks."""
    look = frame.look
    box = frame.box(-0.85, 0.75, -0.7, 0.7)
    u, v, distance = frame.jaw[box], frame.v[box], outline[box]
    edge = ramp(-0.26, 0.03, distance)
    light = 1.045 - (0.30 * look.light) * u - edge * 0.17 - v * 0.05
    light = light + blob(u + look.light * 0.12, v + 0.28, 0.34, 0.24) * 0.05
    part = canvas[:, :, box[1], box[2]]
    cover = frame.cover(distance)
    paint(part, cover, look.skin, light)
    cheeks = blob(frame.aside[box] - 0.245, v - 0.165, 0.20, 0.16)
    paint(part, cheeks * cover * look.rosiness, look.rosy, light)
