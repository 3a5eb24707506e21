"""Hair on head and face."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.data.portraits.canvas import Frame, blob, darken, ellipse, paint, ramp, smooth_max, wave
from gansmith.data.portraits.figure import head_shape


class Hair:
    """The hair of N heads: its outline, and light on it."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.look = frame, frame.look
        look = self.look
        self.outer = frame.outline(self._shape, frame.u - look.turn * 0.02)
        self.outer = smooth_max(self.outer, frame.v - look.ends, 0.32)
        self.curls = curls = self._curls()
        self.outer = self.outer - curls * look.curl
        self.there = 1.0 - look.shaved
        strands = wave(frame.u * (1.4 - frame.v * 0.5) * look.strands + look.jag_at)
        fine = wave(frame.u * (1.4 - frame.v * 0.5) * look.strands * 2.3 + look.jag_at * 3.0)
        shine = blob(frame.u + look.light * 0.15, frame.v + 0.50 - frame.u * frame.u * 0.5, 0.5, 0.12)
        grain = (strands * 0.6 + fine * 0.4) * 0.075
        grain = grain + curls * (look.curl * 2.6)
        edge = ramp(-0.14, 0.02, self.outer)
        self.light = 1.0 + grain + shine * 0.34 - edge * 0.16 - (0.20 * look.light) * frame.u - (frame.v + 0.4) * 0.10

    def _curls(self) -> Tensor:
        """Return a pattern of locks, between −1 and 1, in rows that sway so that no lattice is seen."""
        look, across, down = self.look, self.frame.u * self.look.curls, self.frame.v * self.look.curls
        sway = wave(down * 0.37 + look.curl_at) * 0.42
        lift = wave(across * 0.29 - look.curl_at) * 0.55
        return wave(across + sway) * wave(down * 0.8 + lift + look.curl_at * 2.0)

    def _shape(self, v: Tensor) -> Tensor:
        """Return the squared half width of all hair at heights v."""
        look = self.look
        top = look.high + look.volume
        up = (v * (-1.0 / top)).clamp(min=0.0)
        down = ((v + 0.05) * (1.0 / (look.ends + 0.05))).clamp(min=0.0, max=1.3)
        up2 = up * up
        wide = look.wide + look.side + 0.006
        return wide * wide * (1.0 - up2 * (0.72 + 0.28 * up2) + (look.flare - 1.0) * down * down)

    def _opening(self, v: Tensor) -> Tensor:
        """Return the squared half width of the face between the hair."""
        look = self.look
        t = ((v + 0.30) * (1.0 / (look.front + 0.30))).clamp(min=0.0, max=1.25)
        t2 = t * t
        side = look.wide * (0.86 + 0.05 * look.bald)
        close = look.wide + look.side
        wide = side + (close * 1.12 - side) * t2 * t2
        wide = wide + look.bald * (-0.27 - v).clamp(min=0.0) * 0.9
        return wide * wide

    def behind(self, canvas: Tensor) -> None:
        """Paint the hair behind neck and shoulders."""
        light = self.light * 0.66
        paint(canvas, self.frame.cover(self.outer) * (1.0 - self.look.bald), self.look.hair, light)

    def front(self, canvas: Tensor) -> None:
        """Paint the hair that frames the face, and its shadow."""
        frame, look = self.frame, self.look
        side = frame.outline(self._opening, frame.u - look.turn * 0.07)
        u, v = frame.u - look.turn * 0.07, frame.v
        line = self._line(u)
        fringe = (line - v) * 0.85  # negative below the hairline
        jag = wave(u * look.jags + look.jag_at) * look.jag
        opening = smooth_max(side - self.curls * look.curl * 0.7, fringe + jag, 0.10)
        distance = torch.maximum(self.outer, -opening)
        cover = frame.cover(distance) * self.there
        shadow = ramp(0.085, -0.01, distance + look.light * frame.u * 0.08) * (1.0 - cover) * self.there
        darken(canvas, shadow * ramp(0.03, -0.03, self.outer) * 0.24)
        light = self.light - ramp(-0.07, 0.0, -opening) * 0.12
        paint(canvas, cover, look.hair, light)

    def _line(self, u: Tensor) -> Tensor:
        """Return the height of the hairline over the forehead at places u."""
        look = self.look
        from_part = u - look.parting * 0.16
        swept = from_part.abs() * 0.34 - (look.parting * 0.30) * from_part
        curtain = from_part.abs() * 0.75
        open_line = look.line + swept + look.middle * (curtain - swept)
        u2 = u * u
        corners = u2 * (1.0 - u2 * 5.5) * 3.6
        open_line = open_line - look.receding * (corners + 0.02)
        bangs = -0.205 - u2 * 0.30 + (0.10 * look.parting) * u
        open_line = open_line + look.bangs * (bangs - open_line)
        return open_line - look.bald * (1.2 - u2 * 2.0)


def beard(frame: Frame, canvas: Tensor) -> None:
    """Paint beard and moustache, from stubble to full ones."""
    look = frame.look
    box = frame.box(-0.25, 0.80, -0.62, 0.62)
    grown = frame.outline(lambda v: head_shape(frame, v, 0.004 + look.beard_long * ramp(0.05, 0.40, v)))
    outer = grown[box]
    u, v = frame.face[box], frame.v[box]
    aside = u.abs()
    cheek = ellipse(u, v + 0.10, look.wide * 0.88, look.nose_level + 0.165 + look.cheek)
    chin = ellipse(u, v - look.mouth_level - 0.10, 0.185, 0.25)
    region = smooth_max(torch.maximum(outer, -cheek), -0.10 - v, 0.08)
    goatee = torch.maximum(region, chin)
    region = region + look.goatee * (goatee - region)
    lip = look.mouth_level - 0.012
    shape = torch.maximum(aside - 0.165, v - lip - aside * 0.42)
    moustache = torch.maximum(shape, look.nose_level + 0.048 + aside * 0.22 - v)
    upper_lip = lip - 0.02 - v - (aside - 0.16).clamp(min=0.0) * 3.0
    region = torch.maximum(region, upper_lip)  # which is left to the moustache
    grain = wave(u * 15.0 + wave(v * 3.0 + look.jag_at) * 0.5) * 0.05
    light = 0.90 + grain - (0.25 * look.light) * u - ramp(-0.10, 0.0, outer) * 0.10
    part = canvas[:, :, box[1], box[2]]
    paint(part, faded(frame, region, look.beard_soft) * look.beard, look.hair, light)
    paint(part, faded(frame, moustache, look.beard_soft) * look.moustache, look.hair, light * 0.96)


def faded(frame: Frame, distance: Tensor, soft: Tensor) -> Tensor:
    """Return how much of each pixel is inside, with an edge `soft` times as wide as a pixel's."""
    return (0.5 - distance * (frame.sharp / soft)).clamp_(0.0, 1.0)
