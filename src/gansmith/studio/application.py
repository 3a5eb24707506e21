"""The application: Streamlit's pages, and the socket of the playground beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gansmith.studio.serving import APP

if TYPE_CHECKING:
    import streamlit as st
    from starlette.websockets import WebSocket


def application(address: str) -> st.App:
    """Return the pages with their routes, for whoever may reach this address."""
    import streamlit as st
    from starlette.routing import WebSocketRoute

    from gansmith.studio.playing.socket import PATH, Endpoint

    endpoint = Endpoint(address)

    async def play(socket: WebSocket) -> None:
        await endpoint(socket)

    return st.App(APP, routes=[WebSocketRoute(PATH, play)])
