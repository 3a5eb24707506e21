"""The socket of the edits: one session a page, one answer at a time."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from gansmith.studio.editing.session import LARGEST_WORD, Session
from gansmith.studio.playing.socket import Visits, words

PATH = "/gansmith/edit"

_visits = Visits("edits")
_turn = asyncio.Semaphore(2)  # answers in the making, in all tabs together


async def answer(socket: WebSocket, address: str) -> None:
    """Answer a page until it goes."""
    async with _visits.admitted(socket, address) as stays:
        if stays:
            await _converse(socket)


async def _converse(socket: WebSocket) -> None:
    session = Session()
    async for said in words(socket, LARGEST_WORD + 1000):
        async with _turn:
            found = await asyncio.to_thread(session.answer, said)
        try:
            await socket.send_json(found)
        except (RuntimeError, WebSocketDisconnect):  # it has gone
            return
