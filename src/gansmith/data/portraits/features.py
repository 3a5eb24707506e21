"""Eyes, brows, nose, mouth, and what age draws around them."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.data.portraits.canvas import Frame, blob, darken, ellipse, paint, ramp, wave

BLACK, WHITE = torch.tensor([0.07, 0.05, 0.06]), torch.tensor([0.97, 0.96, 0.94])
MOUTH, TONGUE = torch.tensor([0.25, 0.06, 0.07]), torch.tensor([0.76, 0.34, 0.36])


def _plain(colour: Tensor) -> Tensor:
    return colour[None, :, None, None]


def age(frame: Frame, canvas: Tensor) -> None:
    """Darken folds beside the mouth, bags under the eyes, furrows, hollow cheeks and spots."""
    look = frame.look
    box = frame.box(-0.62, 0.62, -0.55, 0.55)
    aside, v, u = frame.aside[box], frame.v[box], frame.face[box]
    run = v - look.nose_level + 0.03
    fold = (aside - 0.088 - run * 0.62 + run * run * 0.5).abs()
    fold = (1.0 - fold * 24.0).clamp_(min=0.0) * ramp(0.0, 0.06, run) * ramp(0.31, 0.20, run) * look.fold
    t = (aside - look.eye_apart) * 7.6
    under = 1.0 - t * t
    bag = (v - look.eye_level - look.eye_lower - 0.018 - 0.052 * under).abs()
    bag = (1.0 - bag * 26.0).clamp_(min=0.0) * ramp(0.0, 0.5, under) * look.bag
    lines = ramp(0.15, 0.95, wave((v + u * u * 0.35) * 12.0)) * ramp(0.30, 0.16, aside)
    lines = lines * ramp(-0.48, -0.42, v) * ramp(-0.17, -0.21, v) * look.furrow
    hollow = blob(aside - 0.285, v - 0.20, 0.13, 0.19) * look.hollow
    apple = (aside - 0.235) * 6.5
    apple = (1.0 - (v - look.eye_level - 0.125 - apple * apple * 0.035).abs() * 30.0).clamp_(min=0.0)
    apple = apple * ramp(0.13, 0.06, (aside - 0.245).abs()) * look.dimple * 0.22
    spots = wave(u * 6.3 + look.spots_at) * wave(v * 5.7 + u * 2.0 + look.spots_at * 3.0)
    spots = ramp(0.25, 0.9, spots) * look.spots * ramp(0.62, 0.4, aside)
    inside = ramp(0.0, -0.05, _edge(frame)[box])
    amount = torch.maximum(torch.maximum(fold, bag), torch.maximum(lines, hollow)) + spots + apple
    paint(canvas[:, :, box[1], box[2]], (amount * look.line_strength * inside).clamp_(max=0.75), look.lines)


def _edge(frame: Frame) -> Tensor:
    """Return about the distance from the head's edge, for what must stay inside."""
    return ellipse(frame.jaw, frame.v, frame.look.wide, frame.look.high)


def eyes(frame: Frame, canvas: Tensor) -> None:
    """Paint eyes that look somewhere, with lids, lashes and shadow."""
    look = frame.look
    box = frame.box(-0.34, 0.30, -0.52, 0.52)
    part = canvas[:, :, box[1], box[2]]
    face, aside = frame.face[box], frame.aside[box]
    away = aside - look.eye_apart
    v = frame.v[box] - look.eye_level + look.eye_slant * away
    t = away * (1.0 / look.eye_wide)
    arch = 1.0 - t * t
    upper, lower = v + look.eye_upper * arch, look.eye_lower * arch - v  # positive inside
    lid = frame.cover((upper - 0.034).abs() - 0.008) * ramp(-0.25, 0.45, arch)
    darken(part, lid * 0.26)
    shadow = ramp(-0.10, -0.01, upper) * ramp(0.03, -0.01, upper) * ramp(-0.6, 0.5, arch)
    paint(part, shadow * look.shadow * 0.85, look.eye_shadow)
    white = frame.cover(-torch.minimum(upper, lower))
    paint(part, white, _plain(WHITE), 1.0 - ramp(0.045, 0.0, upper) * 0.24)
    side = (face * 1e4).clamp(-1.0, 1.0)
    x, y = away * side - look.gaze_x, frame.v[box] - look.eye_level - look.gaze_y
    iris = white * frame.cover(ellipse(x, y, look.iris, look.iris))
    paint(part, iris, look.iris_colour, 0.92 + blob(x, y - 0.03, look.iris, look.iris) * 0.75)
    paint(part, white * frame.cover(ellipse(x, y, look.iris * 0.52, look.iris * 0.52)), _plain(BLACK))
    spark = ellipse(x + look.light * 0.014, y + 0.017, 0.014, 0.014)
    paint(part, white * frame.cover(spark) * 0.95, _plain(WHITE))
    ends = ramp(-0.45, 0.05, arch + look.shadow * away * 4.0)
    lash = frame.cover((upper + 0.004).abs() - look.lash) * ends
    paint(part, lash * 0.92, _plain(BLACK))
    below = frame.cover(lower.abs() - 0.005) * ramp(0.0, 0.3, arch)
    paint(part, below * 0.45, look.lines)


def brows(frame: Frame, canvas: Tensor) -> None:
    """Paint brows, thick at the nose and thin at the temple."""
    look = frame.look
    box = frame.box(-0.48, 0.16, -0.52, 0.52)
    away = frame.aside[box] - look.eye_apart - 0.01
    t = away * 8.0
    arch = 1.0 - t * t
    v = frame.v[box] - look.eye_level + look.brow_level + look.brow_arch * (arch - 0.5) - look.brow_slope * away * 0.6
    thick = look.brow_thick * (1.15 - 0.35 * t) * ramp(0.0, 0.42, arch)
    paint(canvas[:, :, box[1], box[2]], frame.cover(v.abs() - thick) * ramp(-0.1, 0.1, arch) * 0.94, look.brows)


def nose(frame: Frame, canvas: Tensor) -> None:
    """Shade the nose: its ridge lit, one side and its underside dark, two nostrils."""
    look = frame.look
    box = frame.box(-0.30, 0.42, -0.45, 0.45)
    part = canvas[:, :, box[1], box[2]]
    v = frame.v[box] - look.nose_level
    along = ramp(-0.26, 0.02, v)
    x = frame.face[box] - look.turn * (0.05 * along)
    wide = look.nose_wide
    side = blob(x - look.light * wide * 0.75, v + 0.075, wide * 0.85, 0.20) * 0.26
    under = blob(x, v - 0.022, wide * 1.55, 0.058) * 0.62
    away = x.abs()
    wing = (ellipse(away - wide * 0.72, v + 0.002, wide * 0.46, 0.042).abs() * -42.0 + 1.0).clamp_(min=0.0)
    wing = wing * (away * (2.5 / wide) - 1.4).clamp(0.0, 1.0) * 0.42
    holes = blob(away - wide * 0.50, v - 0.024, wide * 0.40, 0.022) * 0.85
    amount = torch.maximum(torch.maximum(side, under), torch.maximum(wing, holes)) * (look.line_strength - 0.1)
    paint(part, amount.clamp_(max=0.85), look.lines)
    light = blob(x + look.light * wide * 0.25, v + 0.075, wide * 0.42, 0.15) * 0.10
    light = light + blob(x + look.light * wide * 0.2, v + 0.012, wide * 0.45, 0.034) * 0.12
    darken(part, light * -1.0)


def mouth(frame: Frame, canvas: Tensor) -> None:
    """Paint lips that smile or not, closed or over teeth and tongue."""
    look = frame.look
    box = frame.box(0.02, 0.62, -0.45, 0.45)
    part = canvas[:, :, box[1], box[2]]
    x = frame.face[box] - look.turn * 0.012
    t = x * (1.0 / look.mouth_wide)
    t2 = t * t
    arch = 1.0 - t2
    v = frame.v[box] - look.mouth_level + look.smile * (t2 - 0.28)
    full = arch.clamp(min=0.0)
    bow = 1.0 - 0.30 * (1.0 - t2 * 9.0).clamp(min=0.0)
    top = -look.upper_lip * bow * full
    gap = look.gap * full
    bottom = gap + look.lower_lip * (full * (0.6 + 0.4 * full))
    ends = ramp(-0.10, 0.10, arch)
    below = blob(x, v - look.gap - look.lower_lip - 0.035, look.mouth_wide * 0.8, 0.045)
    corners = blob(x.abs() - look.mouth_wide - 0.016, v + 0.004, 0.045, 0.05)
    paint(part, below * 0.26 + corners * (0.25 + 0.28 * look.dimple), look.lines)
    lips = frame.cover(torch.maximum(top - v, v - bottom)) * ends
    shine = blob(x, v - look.gap - look.lower_lip * 0.45, look.mouth_wide * 0.5, 0.022)
    light = 1.0 - ramp(0.0, 0.03, -v) * 0.14 + shine * 0.20
    paint(part, lips * 0.92, look.lips, light)
    inside = frame.cover(torch.maximum(-v, v - gap)) * ends * ramp(0.0, 0.02, look.gap)
    paint(part, inside, _plain(MOUTH))
    paint(part, inside * frame.cover(-(v - gap * 0.72)), _plain(TONGUE))
    paint(part, inside * frame.cover(v - gap * 0.58) * look.teeth, _plain(WHITE), 1.0 - t2 * 0.22)
    line = frame.cover(v.abs() - 0.013) * ends * (1.0 - ramp(0.0, 0.02, look.gap))
    paint(part, line * 0.9, look.lines * 0.5)
