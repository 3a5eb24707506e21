"""What is worn: glasses, hats and earrings."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.data.portraits.canvas import Frame, blob, darken, ellipse, paint, ramp, smooth_max, wave


def glasses(frame: Frame, canvas: Tensor) -> None:
    """Paint glasses with round or square lenses."""
    look = frame.look
    box = frame.box(-0.40, 0.36, -0.72, 0.72)
    part = canvas[:, :, box[1], box[2]]
    aside, v = frame.aside[box], frame.v[box] - look.eye_level - 0.015
    away = (aside - look.eye_apart - 0.008).abs()
    corner = look.lens_round * look.lens_high
    x, y = away - look.lens_wide + corner, v.abs() - look.lens_high + corner
    right, low = x.clamp(min=0.0), y.clamp(min=0.0)
    lens = (right * right + low * low).pow(0.5) + torch.maximum(x, y).clamp(max=0.0) - corner
    inner = look.eye_apart + 0.008 - look.lens_wide
    bridge = torch.maximum((v + 0.03 + aside * 0.25).abs() - look.rim * 0.8, aside - inner)
    arm = torch.maximum((v + 0.035).abs() - look.rim * 0.8, look.eye_apart + look.lens_wide - aside)
    arm = torch.maximum(arm, frame.u[box].abs() - look.wide - 0.01)
    rims = torch.minimum(torch.minimum(lens.abs() - look.rim, bridge), arm)
    paint(part, frame.cover(lens) * (look.glasses * look.tint), look.metal * 0.5 + 0.45)
    darken(part, ramp(0.035, 0.0, rims - 0.004) * frame.cover(-rims) * look.glasses * 0.16)
    paint(part, frame.cover(rims) * look.glasses, look.frame)


def earrings(frame: Frame, canvas: Tensor) -> None:
    """Paint hoops or drops below the ears."""
    look = frame.look
    box = frame.box(-0.05, 0.62, -0.80, 0.80)
    u, v = frame.u[box] + look.turn * 0.03, frame.v[box]
    away, down = u.abs() - look.wide - 0.012, v - look.ear - 0.125
    hoop = ellipse(away, down, 0.055, 0.07).abs() - 0.017
    drop = ellipse(away, down, 0.042, 0.052)
    distance = drop + look.hoop * (hoop - drop)
    part = canvas[:, :, box[1], box[2]]
    darken(part, ramp(0.05, 0.0, distance) * look.earrings * 0.25)
    paint(
        part,
        frame.cover(distance) * look.earrings,
        look.metal,
        0.86 + blob(away + 0.012, down + 0.02, 0.04, 0.05) * 0.4,
    )


def hat(frame: Frame, canvas: Tensor) -> None:
    """Paint a woollen hat, a cap, or a hat with a broad brim."""
    look = frame.look
    box = frame.box(-1.0, 0.15)
    part = canvas[:, :, box[1]]
    u, v = frame.u[box] - look.turn * 0.03, frame.v[box]
    high = look.high + look.volume * 0.6 + 0.07 + look.hat_high + (1.0 - look.cap - look.sun) * 0.06
    wide = look.wide + look.side + 0.035
    edge = -0.25 + u * u * 0.16
    x, y = u * (1.0 / wide), (v + 0.22) * (1.0 / (high - 0.22))
    x, y = x * x, y * y
    dome = (x + y * (0.7 + 0.3 * y) - 1.0) * (wide * 0.48)
    dome = smooth_max(dome, v - edge, 0.03)
    plain = 1.0 - look.cap - look.sun
    light = 1.06 - ramp(-0.22, 0.02, dome) * 0.22 - (0.26 * look.light) * u - (v + 0.5) * 0.12
    ribs = wave(u * (1.2 + u * u * 0.6) * 10.0)
    worn = look.hat
    darken(part, ramp(0.10, -0.03, dome) * ramp(-0.5, -0.3, v) * worn * 0.25)
    paint(part, frame.cover(dome) * worn, look.hat_colour, light + ribs * (plain * 0.03))
    cuff = torch.maximum((v - edge + 0.070).abs() - 0.085, u.abs() - wide - 0.015)
    cuff = smooth_max(cuff, u.abs() - wide - 0.012, 0.05)
    paint(part, frame.cover(cuff) * worn * plain, look.hat_colour, light * 0.84 + ribs * 0.05)
    brim_x = u - look.turn * 0.10 * look.cap
    brim = ellipse(
        brim_x,
        v + 0.245 - brim_x * brim_x * (0.38 * look.cap),
        wide * (0.78 + 0.80 * look.sun),
        0.095 + 0.025 * look.sun,
    )
    brim_light = 0.84 - 0.06 * look.cap + ramp(0.06, -0.06, v + 0.275) * 0.25 - (0.15 * look.light) * u
    shown = worn * (look.cap + look.sun)
    band = torch.maximum(dome, -0.42 - v)
    paint(part, frame.cover(band) * worn * look.sun, look.trim, light * 0.9)
    darken(part, ramp(0.09, 0.0, brim) * frame.cover(-0.235 - v) * shown * 0.30)
    paint(part, frame.cover(brim) * shown, look.brim_colour, brim_light)
