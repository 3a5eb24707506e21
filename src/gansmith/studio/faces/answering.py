"""The socket of the faces: sliders in, pictures and what is read off them out, one for each step of the way."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Mapping
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
    """Answer what is asked last, and go on with it until something else is asked."""
    session, inbox = Session(), asyncio.Queue[Mapping[str, Any] | None]()
    listening = asyncio.create_task(_listen(socket, inbox))
    try:
        while (said := await _latest(inbox)) is not None:
            await _send(socket, await _in_turn(session.answer, said))
            while inbox.empty() and session.busy:
                await _send(socket, await _in_turn(session.work))
    finally:
        listening.cancel()


async def _send(socket: WebSocket, found: dict[str, Any] | None) -> None:
    if found is not None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it has gone, and what listens will say so
            await socket.send_json(found)


async def _listen(socket: WebSocket, inbox: asyncio.Queue[Mapping[str, Any] | None]) -> None:
    try:
        async for said in words(socket):
            inbox.put_nowait(said)
    finally:
        inbox.put_nowait(None)


async def _latest(inbox: asyncio.Queue[Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    said = await inbox.get()
    while said is not None and not inbox.empty():
        said = inbox.get_nowait()
    return said


async def _in_turn(work: Callable[..., Any], *args: Any) -> Any:
    async with _turn:
        return await asyncio.to_thread(work, *args)


class Session:
    """A person whom one page moves.

    Each piece of work is a step of the way or what a step needs, computed beforehand, so that the first picture of the
    next question comes at once. Where sliders are still being dragged, the way goes on from where it has come to, and
    at its end the picture is that of the way from the person as drawn, so that it depends on the sliders alone.
    """

    def __init__(self) -> None:
        self.person: Person | None = None
        self.dragged = False  # whether the way began elsewhere than at the person as drawn
        self.straight: Person | None = None  # the same person on the way from there, then
        self.asked: tuple[Any, ...] = ()
        self.turn = 0
        self.usual: list[float] = []
        self.busy = False

    def answer(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a word of the page: pictures and bars, or one line that says why there are none."""
        turn = said.get("turn")
        self.turn = turn if isinstance(turn, int) else 0
        self.busy = False
        try:
            self._ask(said)
            self.busy = True
            return self._step()
        except GansmithError as error:
            return {"error": str(error), "turn": self.turn}
        except (TypeError, ValueError, OverflowError, AttributeError) as error:
            return {"error": f"{str(error)[:60]} cannot be done", "turn": self.turn}

    def work(self) -> dict[str, Any] | None:
        """Do the next piece of what is left, and return what is new to be seen, if anything is."""
        assert self.person is not None
        try:
            if self.person.prepare():
                return None
            if self.person.left:
                return self._step()
            if self.dragged:
                return self._settle()
            self.busy = False
        except GansmithError as error:
            self.busy = False
            return {"error": str(error), "turn": self.turn}
        return None

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
        same = bool(self.asked) and self.asked[0] is gan and (self.asked[1], self.asked[4]) == (seed, truncation)
        self.asked = (gan, seed, sliders, hold, truncation)
        self.person, self.straight = Person(*self.asked, at=before if same else None), None
        here = before is None or not same or torch.equal(before.points, before.start)
        self.dragged = bool(self.person.left) and not here
        self.usual = usual_effects(gan.directions, [name for name, value in sliders.items() if value != 50]).tolist()

    def _step(self) -> dict[str, Any]:
        """Take a step, if any is left, and return where it led to."""
        assert self.person is not None
        if self.person.left:
            self.person.step()
        return self._found()

    def _settle(self) -> dict[str, Any] | None:
        """Take a step of the way from the person as drawn, and return where that ended once it has."""
        self.straight = self.straight or Person(*self.asked)
        if self.straight.left:
            self.straight.step()
            return None
        self.person, self.straight, self.dragged = self.straight, None, False
        return self._found()

    def _found(self) -> dict[str, Any]:
        assert self.person is not None
        found = self.person.now()
        columns = zip(
            self.person.directions.names, found.told_before.tolist(), found.told_after.tolist(), self.usual, strict=True
        )
        bars = [{"name": name, "before": b, "after": a, "usual": u} for name, b, a, u in columns]
        pictures = {"before": png(found.before), "after": png(found.after)}
        left = self.person.left + self.dragged
        return pictures | {"bars": bars, "seed": self.asked[1], "read": found.read, "left": left, "turn": self.turn}
