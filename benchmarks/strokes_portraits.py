"""What a person with a paint program paints on a drawn portrait: where eyes, mouth and hair of that picture are.

Whoever paints sees where things are. Here a network stands for their eyes: it learns from portraits that are drawn
anew, whose traits are known, and reads those of a picture. Things are then painted as portraits have them, by the
functions that draw portraits; hair and skin keep their own light and get another colour. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from gansmith.data.images import to_range
from gansmith.data.portraits.canvas import Frame, blob, paint
from gansmith.data.portraits.chance import Chance
from gansmith.data.portraits.drawing import draw
from gansmith.data.portraits.features import mouth
from gansmith.data.portraits.figure import ears, head_shape, neck
from gansmith.data.portraits.hair import Hair, beard
from gansmith.data.portraits.people import People
from gansmith.data.portraits.things import glasses, hat
from gansmith.data.portraits.traits import Traits, traits
from gansmith.latent import Constraints
from gansmith.latent.editing.constraints import Layer, widened
from gansmith.latent.fitting import fit
from gansmith.latent.predictor import Predictor
from gansmith.streams import forked

DRAWN = 2**43  # of the portraits that are learnt from
VISIBLE = 0.04  # a change of colour that a stroke makes
Painter = Callable[["Sight"], Tensor]
"""What is seen → the picture (3, S, S) in [0, 1] as it shall be."""


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
        for part in (lambda: neck(frame, there, outline), lambda: ears(frame, there)):
            part()
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


@dataclass(frozen=True)
class Job:
    """An edit of portraits.

    Attributes:
        name: of it.
        painter: what is painted.
        attribute: that shall be there, or with − shall not.
        has: what the person has, and with − what they have not: with it the edit makes sense.
        edges: lines are sketched instead of painted.
    """

    name: str
    painter: Painter
    attribute: str
    has: tuple[str, ...] = ()
    edges: bool = False

    def constraints(self, picture: Tensor, eyes: Eyes) -> Constraints:
        """Return what is asked of a picture (3, S, S) in [−1, 1]."""
        sight = Sight(picture, eyes)
        goal = self.painter(sight)
        opaque = ((goal - sight.picture).abs().amax(dim=0) > VISIBLE).float()
        layer = Layer(2 * goal - 1, opaque)
        return Constraints(edges=layer) if self.edges else Constraints(strokes=layer)


def hair(*colour: float) -> Painter:
    """Return the painter of all the hair."""
    return lambda sight: sight.recoloured(sight.hair, colour)  # type: ignore[arg-type]


def darker(sight: Sight) -> Tensor:
    return sight.recoloured(sight.skin, (0.50, 0.33, 0.24))


def worn(sight: Sight, draw: Callable[[Frame, Tensor], None], **traits: float | tuple[float, float, float]) -> Tensor:
    """Return the picture with something drawn on it as portraits have it."""
    canvas = sight.canvas()
    draw(sight.frame(**traits), canvas)
    return canvas[0].clamp(0, 1)


def spectacles(sight: Sight) -> Tensor:
    return worn(
        sight,
        glasses,
        glasses=1.0,
        frame=(0.10, 0.09, 0.12),
        rim=0.022,
        lens_wide=0.135,
        lens_high=0.11,
        lens_round=0.6,
        tint=0.15,
    )


def smile(sight: Sight) -> Tensor:
    """Return a broad open smile where the mouth is, over skin."""
    frame = sight.frame(smile=0.17, mouth_wide=0.215, teeth=1.0, gap=0.075, dimple=1.0)
    look, canvas = frame.look, sight.canvas()
    x, y = frame.face, frame.v - look.mouth_level
    ring = (blob(x, y, 0.30, 0.17) > 0) & (blob(x, y, 0.22, 0.11) == 0)
    skin = canvas[0][:, ring[0]].median(dim=1).values
    paint(canvas, frame.cover(-blob(x, y, 0.26, 0.14).sub(0.05) * 0.3), skin[None, :, None, None])
    mouth(frame, canvas)
    return canvas[0].clamp(0, 1)


def full_beard(sight: Sight) -> Tensor:
    return worn(
        sight,
        beard,
        hair=sight.hair_colour,
        beard=0.95,
        beard_long=0.06,
        beard_soft=1.7,
        goatee=0.0,
        moustache=0.95,
        cheek=0.0,
    )


def woollen_hat(sight: Sight) -> Tensor:
    return worn(sight, hat, hat=1.0, cap=0.0, sun=0.0, hat_colour=(0.24, 0.42, 0.62), hat_high=0.03)


def cheeks(sight: Sight) -> Tensor:
    """Return red cheeks."""
    frame, canvas = sight.frame(), sight.canvas()
    look = frame.look
    spots = blob(frame.aside - 0.245, frame.v - 0.165, 0.25, 0.20)
    red = 0.3 * look.skin + 0.7 * torch.tensor([0.92, 0.30, 0.30])[None, :, None, None]
    paint(canvas, spots, red)
    return canvas[0].clamp(0, 1)


def long_hair(sight: Sight) -> Tensor:
    """Return hair down to the shoulders: behind the neck, and beside the face."""
    frame = sight.frame(ends=0.85, front=0.85, hair=sight.hair_colour, curl=0.0, flare=1.15, side=0.09)
    outline = frame.cover(frame.outline(lambda v: head_shape(frame, v)))[0]
    there = sight.canvas() * 0
    neck(frame, there, frame.outline(lambda v: head_shape(frame, v)))
    behind, front = sight.canvas(), sight.canvas()
    Hair(frame).behind(behind)
    Hair(frame).front(front)
    low = frame.v[0] > -0.1
    body = frame.y[0] > 0.62
    goal = torch.where(low & (outline < 0.5) & (there[0].amax(dim=0) == 0) & ~body, behind[0], sight.picture)
    beside = (Hair(frame).outer[0] < 0) & low & (frame.u[0].abs() > frame.look.wide[0] * 0.86)
    return torch.where(beside, front[0], goal).clamp(0, 1)


BROWN = (0.42, 0.26, 0.15)
BARE = ("-Wearing_Hat", "-Bald")  # whose hair is seen
PORTRAITS = [
    Job("gray hair painted brown", hair(*BROWN), "Brown_Hair", ("Gray_Hair", *BARE)),
    Job("blond hair painted brown", hair(*BROWN), "Brown_Hair", ("Blond_Hair", *BARE)),
    Job("brown hair painted black", hair(0.10, 0.09, 0.10), "Black_Hair", ("Brown_Hair", *BARE)),
    Job("brown hair painted blond", hair(0.90, 0.75, 0.46), "Blond_Hair", ("Brown_Hair", *BARE)),
    Job("brown hair painted gray", hair(0.76, 0.76, 0.78), "Gray_Hair", ("Brown_Hair", *BARE)),
    Job("blond hair painted red", hair(0.72, 0.32, 0.15), "Red_Hair", ("Blond_Hair", *BARE)),
    Job("glasses", spectacles, "Eyeglasses", ("-Bangs", "-Wearing_Hat")),
    Job("glasses, as edges", spectacles, "Eyeglasses", ("-Bangs", "-Wearing_Hat"), edges=True),
    Job("a smile", smile, "Smiling", ("No_Beard", "-Mustache", "-Eyeglasses")),
    Job("a hat", woollen_hat, "Wearing_Hat", ("-Wavy_Hair", "-Bangs", "-Bald")),
    Job("a beard", full_beard, "-No_Beard", ("Male", "-Bald")),
    Job("red cheeks", cheeks, "Rosy_Cheeks", ("No_Beard", "-Wearing_Hat")),
    Job("darker skin", darker, "Skin_Tone", ("No_Beard",)),
    Job("long hair", long_hair, "Hair_Length", ("Brown_Hair", "No_Beard", *BARE)),
]
