"""A drawn portrait as whoever paints on it sees it: where eyes, mouth, hair and skin are.

A network stands for their eyes: it learns from portraits that are drawn anew, whose traits are known, and reads those
of a picture. It judges nothing.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from gansmith.data.images import to_range
from gansmith.data.portraits.canvas import Frame, blob
from gansmith.data.portraits.chance import Chance
from gansmith.data.portraits.drawing import draw
from gansmith.data.portraits.figure import ears, head_shape, neck
from gansmith.data.portraits.hair import Hair
from gansmith.data.portraits.people import People
from gansmith.data.portraits.traits import Traits, traits
from gansmith.latent.editing.constraints import widened
from gansmith.latent.fitting import fit
from gansmith.latent.predictor import Predictor
from gansmith.streams import forked

DRAWN = 2**43  # of the portraits that are learnt from


class Eyes:
    """A network that reads the traits of a portrait.

    Args:
        size: side of the portraits.
        shown: how many it learns from, each twice.
    """

    def __init__(self, size: int, shown: int) -> None:
        chance = Chance(0, np.arange(DRAWN, DRAWN + shown))
        look = traits(People(chance), chance)
        self.sizes = {name: value[0].numel() for name, value in look.values.items()}
        told = torch.cat([value.flatten(1) for value in look.values.values()], dim=1)
        self.mean, self.spread = told.mean(dim=0), told.std(dim=0).clamp(min=1e-6)
        wanted = (told - self.mean) / self.spread
        images, _ = draw(0, range(DRAWN, DRAWN + shown), size)
        with forked(11):
            self.network = Predictor((3, size, size), [f"{i}" for i in range(told.shape[1])], 24)

            def loss(index: Tensor) -> Tensor:
                return mse_loss(self.network(to_range(images[index])), wanted[index])

            fit(self.network, shown, loss, 2 * shown, 128, 3e-3)

    def traits(self, picture: Tensor) -> Traits:
        """Return what is drawn on a picture (3, S, S) in [−1, 1]."""
        told = self.network.logits(picture[None]) * self.spread + self.mean
        parts = torch.split(told, list(self.sizes.values()), dim=1)
        return Traits(
            {
                name: part.reshape(1, -1, 1, 1) if part.shape[1] > 1 else part[:, :, None]
                for name, part in zip(self.sizes, parts, strict=True)
            }
        )


class Sight:
    """A picture as whoever paints sees it."""

    def __init__(self, picture: Tensor, eyes: Eyes) -> None:
        self.picture, self.look = (picture + 1) / 2, eyes.traits(picture)

    def frame(self, **traits: float | tuple[float, float, float]) -> Frame:
        """Return the picture's coordinates, with some traits as they shall be."""
        values = dict(self.look.values)
        for name, value in traits.items():
            values[name] = torch.tensor(value).reshape(values[name].shape if isinstance(value, tuple) else (1, 1, 1))
        return Frame(Traits(values), self.picture.shape[-1])

    def canvas(self) -> Tensor:
        return self.picture.clone()[None]

    @property
    def hair(self) -> Tensor:
        """(S, S), where hair is: near its colour, where hair can be."""
        frame = self.frame()
        hair = Hair(frame)
        above = frame.cover(hair.outer)[0]
        face = frame.cover(frame.outline(lambda v: head_shape(frame, v)))[0]
        opening = frame.outline(hair._opening, frame.u - frame.look.turn * 0.07)
        line = (hair._line(frame.u - frame.look.turn * 0.07) - frame.v) * 0.85
        front = above * frame.cover(-torch.maximum(opening, line))[0]
        sure = front > 0.9
        return torch.maximum(
            sure.float(), self.near(sure, (front > 0.1) | (widened(above, 1) * (1 - face) > 0.5), 0.25)
        )

    @property
    def hair_colour(self) -> tuple[float, float, float]:
        """Its colour at the crown."""
        crown = (self.hair > 0) & (self.frame().v[0] < -0.35)
        red, green, blue = self.picture[:, crown].median(dim=1).values.tolist()
        return red, green, blue

    @property
    def skin(self) -> Tensor:
        """(S, S), where skin is."""
        frame = self.frame()
        outline = frame.outline(lambda v: head_shape(frame, v))
        face = frame.cover(outline)[0]
        there = self.canvas() * 0
        neck(frame, there, outline)
        ears(frame, there)
        where = (face > 0.5) | (there[0].amax(dim=0) > 0.1)
        sure = blob(frame.face, frame.v - 0.12, 0.30, 0.22)[0] > 0.2
        return self.near(sure, where, 0.25)

    def near(self, sure: Tensor, where: Tensor, apart: float) -> Tensor:
        """Return where the picture has about the colour, of any brightness, that it has where one is sure."""
        usual = self.picture[:, sure].median(dim=1).values
        light = (self.picture * usual[:, None, None]).sum(dim=0) / usual.square().sum()
        off = (self.picture - light * usual[:, None, None]).square().sum(dim=0).sqrt()
        alike = (off < apart / 2) & ((light - 1).abs() * usual.square().sum().sqrt() < 2 * apart)
        return (alike & where).float()

    def recoloured(self, mask: Tensor, colour: tuple[float, float, float]) -> Tensor:
        """Return the picture with another colour where the mask is, its light and shade kept."""
        part = mask > 0
        usual = self.picture[:, part].median(dim=1).values
        new = torch.tensor(colour)
        shade = (self.picture.mean(dim=0) / usual.mean() - 1).clamp(-0.4, 0.4) * 0.7 + 1
        return torch.where(part, new[:, None, None] * shade, self.picture).clamp(0, 1)
