"""The application: Streamlit's pages, and the sockets of the playground, of the faces and of the edits beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gansmith.studio.hosts import OwnHost
from gansmith.studio.serving import APP

if TYPE_CHECKING:
    import streamlit as st
    from starlette.websockets import WebSocket


def application(address: str) -> st.App:
    """Return the pages with their routes, for whoever may reach this address."""
    import streamlit as st
    from starlette.middleware import Middleware
    from starlette.routing import WebSocketRoute

    from gansmith.studio.editing import socket as editing
    from gansmith.studio.faces import answering
    from gansmith.studio.playing import socket as playing

    endpoint = playing.Endpoint(address)

    async def play(socket: WebSocket) -> None:
        await endpoint(socket)

    async def steer(socket: WebSocket) -> None:
        await answering.answer(socket, address)

    async def edit(socket: WebSocket) -> None:
        await editing.answer(socket, address)

    routes = [(playing.PATH, play), (answering.PATH, steer), (editing.PATH, edit)]
    return st.App(
        APP,
        routes=[WebSocketRoute(path, handler) for path, handler in routes],
        middleware=[Middleware(OwnHost, address=address)],
    )
