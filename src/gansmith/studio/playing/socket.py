"""The playground's socket: who may open it, how much may be said, and one frame on its way at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from gansmith.memory import available
from gansmith.studio.hosts import own
from gansmith.studio.playing.room import Message, Room

PATH = "/gansmith/play"
LARGEST = 16_384  # characters of a message
RATE = 60.0  # words a second, beside a word for each frame drawn
BURST = 120.0
ROOMS = 12  # at a time
LEAST_MEMORY = 2**28  # bytes that must be free
REFUSED, TOO_LARGE, RUBBISH, FULL = 1008, 1009, 1003, 1013

_open: set[Room] = set()
_lock = threading.Lock()


def rooms() -> int:
    """Return how many rooms are open."""
    with _lock:
        return sum(room.is_alive() for room in _open)


def _full() -> str:
    """Return why there is no room for another playground, or nothing."""
    if rooms() >= ROOMS:
        return f"{ROOMS} playgrounds are open already: close one of them"
    free = available()
    if free < LEAST_MEMORY:
        return (
            f"{free >> 20} MB of memory are left here, and a playground may take {LEAST_MEMORY >> 20}: close something"
        )
    return ""


def allowed(host: str | None, origin: str | None, address: str) -> bool:
    """Tell whether a page of this origin may talk to a server that was called by this host.

    A page of another site has another origin, see also `gansmith.studio.hosts.own`. Programs that are no browsers
    send no origin, and are refused as well.

    >>> allowed("localhost:8501", "http://localhost:8501", "localhost")
    True
    >>> allowed("evil.example:8501", "http://evil.example:8501", "localhost")
    False
    """
    if not origin:
        return False
    try:
        theirs = urlsplit(origin)
    except ValueError:
        return False
    return theirs.scheme in ("http", "https") and theirs.netloc == host and own(host, address)


class Rate:
    """Counts words, and lets so many pass a second."""

    def __init__(self) -> None:
        self._left, self._at = BURST, time.monotonic()

    def passes(self) -> bool:
        """Tell whether one more may pass."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._at) * RATE, BURST)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


async def admitted(socket: WebSocket, address: str) -> bool:
    """Accept a page of one's own, and turn others away."""
    if not allowed(socket.headers.get("host"), socket.headers.get("origin"), address):
        await socket.close(REFUSED)
        return False
    await socket.accept()
    return True


class Visits:
    """Pages of a kind that are open at once: so many, and no more.

    Args:
        kind: of page, in the plural.
    """

    def __init__(self, kind: str) -> None:
        self.kind, self.open = kind, 0

    @asynccontextmanager
    async def admitted(self, socket: WebSocket, address: str) -> AsyncIterator[bool]:
        """Accept a page for as long as this is entered, and yield whether it may stay; others are told why not."""
        if not await admitted(socket, address):
            yield False
            return
        if self.open >= ROOMS:
            await refuse(socket, f"{ROOMS} pages of {self.kind} are open already: close one of them")
            yield False
            return
        self.open += 1
        try:
            yield True
        finally:
            self.open -= 1


async def refuse(socket: WebSocket, why: str) -> None:
    """Say why there is no room for a page, and close its socket."""
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it has gone by itself
        await socket.send_json({"error": why})
        await socket.close(FULL)


async def words(socket: WebSocket, largest: int = LARGEST) -> AsyncIterator[dict[str, Any]]:
    """Yield what a page says until it goes, or says what no page would; words that come too fast are passed over.

    Args:
        largest: characters of a message.
    """
    rate = Rate()
    while True:
        try:
            text = await socket.receive_text()
        except (WebSocketDisconnect, RuntimeError):
            return
        except KeyError:  # bytes
            await socket.close(RUBBISH)
            return
        if len(text) > largest:
            await socket.close(TOO_LARGE)
            return
        said = _read(text)
        if said is None:
            await socket.close(RUBBISH)
            return
        if said.get("do") == "ack" or rate.passes():
            yield said


class Endpoint:
    """The route's handler for an address that the server listens at."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def __call__(self, socket: WebSocket) -> None:
        if not await admitted(socket, self.address):
            return
        if why := _full():
            await refuse(socket, why)
            return
        loop, outbox = asyncio.get_running_loop(), asyncio.Queue[Message]()
        room = Room(lambda message: _hand(loop, outbox, message))
        with _lock:
            _open.add(room)
        room.start()
        sender = asyncio.create_task(_deliver(socket, outbox))
        try:
            async for said in words(socket):
                room.inbox.put(said)
        finally:
            room.close()
            sender.cancel()
            with _lock:
                _open.discard(room)


def _hand(loop: asyncio.AbstractEventLoop, outbox: asyncio.Queue[Message], message: Message) -> None:
    with contextlib.suppress(RuntimeError):  # the server has stopped
        loop.call_soon_threadsafe(outbox.put_nowait, message)


async def _deliver(socket: WebSocket, outbox: asyncio.Queue[Message]) -> None:
    while True:
        message = await outbox.get()
        try:
            if isinstance(message, bytes):
                await socket.send_bytes(message)
            else:
                await socket.send_text(json.dumps(message))
        except (RuntimeError, WebSocketDisconnect):  # it has gone
            return


def _read(text: str) -> dict[str, Any] | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and isinstance(said.get("do"), str) else None
