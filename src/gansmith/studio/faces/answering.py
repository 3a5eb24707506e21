"""The socket of the faces: sliders in, two pictures and what is read off them out, a step of the way an answer."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Any

import torch
from starlette.websockets import WebSocket, WebSocketDisconnect

from gansmith.errors import GansmithError
from gansmith.latent.moved import Person, usual_effects
from gansmith.studio.pictures import generator, png
from gansmith.studio.playing.socket import Visits, words

PATH = "/gansmith/steer"
LARGEST_SEED = 2**31 - 1

_visits = Visits("faces")
_turn = asyncio.Semaphore(2)  # answers in the making, in all tabs together


async def answer(socket: WebSocket, address: str) -> None:
    """Answer a page until it goes."""
    async with _visits.admitted(socket, address) as stays:
        if stays:
            await _converse(socket)


async def _converse(socket: WebSocket) -> None:
    session = Session()
    async for said in words(socket):
        async with _turn:
            found = await asyncio.to_thread(session.answer, said)
        try:
            await socket.send_json(found)
        except (RuntimeError, WebSocketDisconnect):  # it has gone
            return


class Session:
    """A person whom one page moves.

    Each answer is a step of the way. Where sliders are still being dragged, the way goes on from where it has come to,
    and at its end the picture is that of the way from the person as drawn, so that it depends on the sliders alone.
    """

    def __init__(self) -> None:
        self.person: Person | None = None
        self.asked: tuple[Any, ...] = ()
        self.usual: list[float] = []
        self.straight = True  # whether the way began at the person as drawn

    def answer(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a word of the page: pictures and bars, or one line that says why there are none."""
        try:
            if said.get("do") != "on":
                self._ask(said)
            return self._step()
        except GansmithError as error:
            return {"error": str(error)}
        except (TypeError, ValueError, OverflowError, AttributeError) as error:
            return {"error": f"{str(error)[:60]} cannot be done"}

    def _ask(self, said: Mapping[str, Any]) -> None:
        before, self.person = self.person, None
        gan = generator(str(said.get("name")))
        sliders = {str(name): float(value) for name, value in said.get("sliders", {}).items()}
        hold = None if said.get("hold") is None else [str(name) for name in said["hold"]]
        seed, truncation = int(said.get("seed", 0)), float(said.get("truncation", 1.0))
        if not 0 <= seed <= LARGEST_SEED:
            raise GansmithError(f"seed = {seed} must be a whole number from 0 to {LARGEST_SEED}")
        if not (math.isfinite(truncation) and 0 < truncation <= 1):
            raise GansmithError(f"truncation = {truncation:g} must be more than 0 and at most 1")
        same = bool(self.asked) and self.asked[0] is gan and self.asked[1:3] == (seed, truncation)
        self.asked = (gan, seed, truncation, sliders, hold)
        self.person = Person(gan, seed, sliders, hold, truncation, before if same else None)
        self.straight = before is None or not same or not self.person.left or torch.equal(before.points, before.start)
        self.usual = usual_effects(gan.directions, [name for name, value in sliders.items() if value != 50]).tolist()

    def _step(self) -> dict[str, Any]:
        """Take a step, and return where it led to."""
        if self.person is None:
            raise GansmithError("nobody is here: ask for a person first")
        if self.person.left:
            self.person.step()
        elif not self.straight:
            self._settle()
        found = self.person.now()
        columns = zip(
            self.person.directions.names, found.told_before.tolist(), found.told_after.tolist(), self.usual, strict=True
        )
        bars = [{"name": name, "before": b, "after": a, "usual": u} for name, b, a, u in columns]
        pictures = {"before": png(found.before), "after": png(found.after)}
        left = self.person.left + (not self.straight)
        return pictures | {"bars": bars, "seed": self.asked[1], "read": found.read, "left": left}

    def _settle(self) -> None:
        gan, seed, truncation, sliders, hold = self.asked
        self.person, self.straight = Person(gan, seed, sliders, hold, truncation), True
        while self.person.left:
            self.person.step()
