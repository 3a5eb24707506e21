"""Under which names this server answers: those of this machine, unless it was told to serve others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = ("localhost", "127.0.0.1", "::1")
NAMELESS = "This server does not answer to that name: open it as localhost.\n"


def own(host: str | None, address: str) -> bool:
    """Tell whether a server that listens at an address may be called by this host.

    A name that another site has turned towards this machine is no name of it.

    >>> own("localhost:8501", "localhost"), own("evil.example:8501", "localhost")
    (True, False)
    """
    try:
        name = urlsplit(f"//{host}").hostname if host else None
    except ValueError:
        return False
    return name in LOCAL if address in LOCAL else bool(name)


class OwnHost:
    """A layer around an application that refuses requests for pages under other names.

    Streamlit looks at the host of its socket alone.
    """

    def __init__(self, app: ASGIApp, address: str) -> None:
        self.app, self.address = app, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        if scope["type"] == "http" and not own(Headers(scope=scope).get("host"), self.address):
            await PlainTextResponse(NAMELESS, 400)(scope, receive, send)
            return
        await self.app(scope, receive, send)
