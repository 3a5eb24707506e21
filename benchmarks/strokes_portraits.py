"""What a person with a paint program paints on a drawn portrait: where eyes, mouth and hair of that picture are.

Things are painted as portraits have them, by the functions that draw portraits, at the places that sight.py reads from
the picture; hair and skin keep their own light and get another colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from sight import Eyes, Sight
from torch import Tensor

from gansmith.data.portraits.canvas import Frame, blob, paint
from gansmith.data.portraits.features import mouth
from gansmith.data.portraits.figure import head_shape, neck
from gansmith.data.portraits.hair import Hair, beard
from gansmith.data.portraits.things import glasses, hat
from gansmith.latent import Constraints
from gansmith.latent.editing.constraints import Layer

VISIBLE = 0.04  # a change of colour that a stroke makes
Paints = Callable[[Sight], Tensor]
"""What is seen → the picture (3, S, S) in [0, 1] as it shall be."""


@dataclass(frozen=True)
class Job:
    """An edit of portraits.

    Attributes:
        name: of it.
        paints: what is painted.
        attribute: that shall be there, or with − shall not.
        has: what the person has, and with − what they have not: with it the edit makes sense.
        edges: lines are sketched instead of painted.
    """

    name: str
    paints: Paints
    attribute: str
    has: tuple[str, ...] = ()
    edges: bool = False

    def constraints(self, picture: Tensor, eyes: Eyes) -> Constraints:
        """Return what is asked of a picture (3, S, S) in [−1, 1]."""
        sight = Sight(picture, eyes)
        goal = self.paints(sight)
        opaque = ((goal - sight.picture).abs().amax(dim=0) > VISIBLE).float()
        layer = Layer(2 * goal - 1, opaque)
        return Constraints(edges=layer) if self.edges else Constraints(strokes=layer)


def hair(*colour: float) -> Paints:
    """Return what paints all the hair."""
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
