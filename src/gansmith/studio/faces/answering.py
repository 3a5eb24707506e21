"""The socket of the faces: sliders in, two pictures and what is told of them out; one answer at a time."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Any

from starlette.websockets import WebSocket

from gansmith.errors import GansmithError
from gansmith.latent.moved import moved, usual_effects
from gansmith.studio.pictures import generator, png
from gansmith.studio.playing.socket import admitted, words

PATH = "/gansmith/steer"
LARGEST_SEED = 2**31 - 1

_turn = asyncio.Semaphore(2)  # answers in the making, in all tabs together


async def answer(socket: WebSocket, address: str) -> None:
    """Answer a page until it goes."""
    if not await admitted(socket, address):
        return
    async for said in words(socket):
        async with _turn:
            found = await asyncio.to_thread(answered, said)
        try:
            await socket.send_json(found)
        except RuntimeError:  # it has gone
            return


def answered(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to what a page asks for: pictures and bars, or one line that says why there are none."""
    try:
        return _steered(said)
    except GansmithError as error:
        return {"error": str(error)}
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        return {"error": f"{str(error)[:60]} cannot be done"}


def _steered(said: Mapping[str, Any]) -> dict[str, Any]:
    gan = generator(str(said.get("name")))
    sliders = {str(name): float(value) for name, value in said.get("sliders", {}).items()}
    hold = None if said.get("hold") is None else [str(name) for name in said["hold"]]
    seed, truncation = int(said.get("seed", 0)), float(said.get("truncation", 1.0))
    if not 0 <= seed <= LARGEST_SEED:
        raise GansmithError(f"seed = {seed} must be a whole number from 0 to {LARGEST_SEED}")
    if not (math.isfinite(truncation) and 0 < truncation <= 1):
        raise GansmithError(f"truncation = {truncation:g} must be more than 0 and at most 1")
    found = moved(gan, seed, sliders, hold, truncation, bool(said.get("exact")))
    usual = usual_effects(gan.directions, [name for name, value in sliders.items() if value != 50])
    columns = zip(
        gan.directions.names, found.told_before.tolist(), found.told_after.tolist(), usual.tolist(), strict=True
    )
    bars = [{"name": name, "before": b, "after": a, "usual": u} for name, b, a, u in columns]
    return {"before": png(found.before), "after": png(found.after), "bars": bars, "seed": seed, "read": found.read}
