"""What one page edits: a picture under way, and the answers to what is painted, kept or dragged."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from gansmith.data.single import read_picture
from gansmith.errors import GansmithError
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.editing.constraints import Constraints, Layer, read_layer
from gansmith.latent.editing.dragging import drag
from gansmith.latent.editing.editing import Editing
from gansmith.latent.editing.weights import USUAL
from gansmith.latent.inversion.encoder import kept_encoder
from gansmith.latent.inversion.inverting import Search, invert
from gansmith.latent.space import Space
from gansmith.metrics.likeness import psnr
from gansmith.streams import forked
from gansmith.studio.pictures import generator, png

BYTES, PIXELS = 3_000_000, 2**24  # of an upload
AT_ONCE, MOST = 4, 60  # steps in one answer, and of an edit
LARGEST_SEED = 2**31 - 1
LARGEST_WORD = 4 * BYTES // 3 + 1000  # characters of a message
MOVES = 8  # dragged points at once


class Session:
    """A picture that somebody edits; it is kept as long as the page is open, and nowhere else."""

    def __init__(self) -> None:
        self.coordinates: Coordinates | None = None
        self.name = ""
        self.start: Tensor = torch.empty(0)
        self.point: Tensor = torch.empty(0)
        self.editing: Editing | None = None
        self.taken = 0

    def answer(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a word of the page: pictures, or one line that says why there are none."""
        try:
            with forked():
                return self._does(str(said.get("do")), said)
        except GansmithError as error:
            return {"error": str(error)}
        except (TypeError, ValueError, OverflowError, AttributeError, LookupError) as error:
            return {"error": f"{str(error)[:60]} cannot be done"}

    def _does(self, what: str, said: Mapping[str, Any]) -> dict[str, Any]:
        if what == "person":
            return self._person(str(said.get("name")), int(said.get("seed", 0)))
        if what == "upload":
            return self._upload(str(said.get("name")), str(said.get("called", "upload"))[:60], said.get("content"))
        if self.coordinates is None:
            raise GansmithError("no picture is open: ask for a person first")
        if what == "edit":
            return self._edit(said)
        if what == "drag":
            return self._drag(said.get("moves"))
        raise GansmithError(f"{what[:20]} is not known here")

    def _coordinates_of(self, name: str) -> Coordinates:
        if self.coordinates is None or name != self.name:
            self.coordinates, self.name = Coordinates(Space(generator(name))), name
        return self.coordinates

    def _person(self, name: str, seed: int) -> dict[str, Any]:
        if not 0 <= seed <= LARGEST_SEED:
            raise GansmithError(f"seed = {seed} must be a whole number from 0 to {LARGEST_SEED}")
        coordinates = self._coordinates_of(name)
        return self._begin(coordinates.space.drawn(1, seed), [])

    def _upload(self, name: str, called: str, content: Any) -> dict[str, Any]:
        held, coordinates = _bytes(content, called), self._coordinates_of(name)
        picture, notes = read_picture(held, coordinates.space.gan.shape, called, PIXELS)
        encoder = kept_encoder(coordinates)
        search = Search(40) if encoder is not None else Search(60, restarts=2)
        found = invert(coordinates, picture[None], encoder=encoder, search=search)
        near = float(psnr(found.samples, found.pictures))
        return self._begin(found.points, [*notes, f"the nearest sample is {near:.1f} dB away"]) | {"own": png(picture)}

    def _begin(self, point: Tensor, notes: list[str]) -> dict[str, Any]:
        self.start = self.point = point
        self.editing, self.taken = None, 0
        picture = self._pictures(point)
        return {"before": picture, "after": picture, "notes": notes, "left": 0}

    def _edit(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Go on towards what is painted, a few steps; from the start again where something was undone."""
        assert self.coordinates is not None
        layers = {part: self._layer(said.get(part), part) for part in ("strokes", "edges", "keep")}
        keep = layers["keep"]
        constraints = Constraints(layers["strokes"], layers["edges"], None if keep is None else keep.opaque)
        if not constraints:
            return self._begin(self.start if said.get("anew") else self.point, [])
        if self.editing is None or said.get("anew"):
            self.editing, self.taken = Editing(self.coordinates, self.start, constraints, USUAL), 0
        elif said.get("changed"):
            self.editing.constrain(constraints)
            self.taken = 0
        for _ in range(AT_ONCE):
            self.editing.step()
        self.taken += AT_ONCE
        self.point = self.editing.point
        after = self.editing.picture()
        told = {"fallen": min(self.editing.fallen(after).values()), "elsewhere": self.editing.elsewhere(after)}
        return {"after": png(after.cpu()), "left": max(0, MOST - self.taken), **told}

    def _drag(self, moves: Any) -> dict[str, Any]:
        assert self.coordinates is not None
        if not isinstance(moves, list) or len(moves) > MOVES:
            raise GansmithError(f"drag: {MOVES} points at once are the most")
        found = drag(self.coordinates, self.point, [((m[0], m[1]), (m[2], m[3])) for m in moves])
        self._begin(found.points[1:], [])
        left = ", ".join(f"{far:.0f}" for far in found.left.tolist())
        note = f"{found.steps} steps; pixels left: {left}"
        return {"before": png(found.before), "after": png(found.after), "notes": [note], "left": 0}

    def _layer(self, content: Any, part: str) -> Layer | None:
        if not content:
            return None
        assert self.coordinates is not None
        return read_layer(_bytes(content, part), self.coordinates.space.gan.shape, name=part)

    def _pictures(self, point: Tensor) -> str:
        assert self.coordinates is not None
        return png(self.coordinates.space.images(point)[0])


def _bytes(content: Any, called: str) -> bytes:
    """Return what a page has sent as base64.

    Raises:
        GansmithError: if it is none, or too much.
    """
    if not isinstance(content, str):
        raise GansmithError(f"{called}: nothing was sent")
    if len(content) > LARGEST_WORD:
        raise GansmithError(f"{called}: {BYTES / 1e6:g} MB are the most: make it smaller")
    try:
        held = base64.b64decode(content.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise GansmithError(f"{called}: it did not arrive whole") from error
    if len(held) > BYTES:
        raise GansmithError(f"{called}: {BYTES / 1e6:g} MB are the most: make it smaller")
    return held
