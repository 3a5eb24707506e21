"""Serving the pages: this machine alone unless told otherwise, no telemetry, and the one folder that was given."""

from __future__ import annotations

import errno
import importlib.util
import logging
import socket
from pathlib import Path
from typing import Any

from gansmith.errors import GansmithError
from gansmith.settings.values import expanded
from gansmith.studio.hosts import LOCAL
from gansmith.studio.place import GIVEN

APP = Path(__file__).parent / "app.py"

LIGHT = {
    "primaryColor": "#c2410c",
    "backgroundColor": "#fbfaf7",
    "secondaryBackgroundColor": "#f1efe8",
    "textColor": "#1f2328",
    "linkColor": "#0f6d7a",
    "borderColor": "#dcd8cc",
    "codeBackgroundColor": "#f1efe8",
}
DARK = {
    "primaryColor": "#fb8b4b",
    "backgroundColor": "#14171b",
    "secondaryBackgroundColor": "#1d2127",
    "textColor": "#e8e6e0",
    "linkColor": "#6cc5d1",
    "borderColor": "#343a43",
    "codeBackgroundColor": "#1d2127",
}
COMMON = {
    "font": "sans-serif",
    "headingFont": "serif",
    "baseRadius": "small",
    "buttonRadius": "small",
    "headingFontWeights": "[600, 600, 600]",
    "headingFontSizes": '["2.1rem", "1.45rem", "1.15rem"]',
    "showWidgetBorder": "true",
}


def options(port: int, address: str) -> dict[str, Any]:
    """Return the settings that Streamlit runs with."""
    hosts = [*LOCAL] if address in LOCAL else ["*"]
    theme = {f"theme.{name}": _typed(value) for name, value in COMMON.items()}
    for base, colours in (("light", LIGHT), ("dark", DARK)):
        theme |= {f"theme.{base}.{name}": value for name, value in colours.items()}
    return {
        "server.port": port,
        "server.address": address,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.allowedHosts": hosts,
        "server.maxUploadSize": 1,
        "server.enableStaticServing": False,
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "logger.level": "warning",
        **theme,
    }


def serve(runs: Path | None, port: int, address: str) -> None:
    """Serve the pages until somebody interrupts.

    Args:
        runs: the folder whose runs the pages may use; by default ./runs if it is there.
        port, address: where.

    Raises:
        GansmithError: if Streamlit is missing or too old, there is no such folder, or the port is taken.
    """
    GIVEN.runs = _folder(runs)
    check_streamlit()
    _check_port(port, address)
    import torch

    from gansmith.numerics import settle_vector_mathematics

    settle_vector_mathematics()
    torch.set_num_threads(1)  # small networks: a thread for each who plays
    shown = f"http://{'localhost' if address in (*LOCAL, '0.0.0.0') else address}:{port}"
    logging.getLogger("gansmith").info(f"studio: {shown}" + (f", runs of {GIVEN.runs}" if GIVEN.runs else ""))
    from gansmith.studio.application import application

    application(address).run(config=options(port, address))


def check_streamlit() -> None:
    """Say how to install what the studio needs, if it is not there."""
    if importlib.util.find_spec("streamlit") is None:
        raise GansmithError("the studio needs Streamlit: pip install 'gansmith[studio]'")
    import streamlit

    if not hasattr(streamlit, "App") or not hasattr(streamlit.App, "run"):
        raise GansmithError(f"streamlit {streamlit.__version__} is too old: pip install -U 'gansmith[studio]'")


def _folder(runs: Path | None) -> Path | None:
    """Return the folder of runs, or None if none was given and there is none."""
    if runs is None:
        return Path("runs").absolute() if Path("runs").is_dir() else None
    path = expanded(str(runs))
    if not path.is_dir():
        raise GansmithError(f"{path}: no such folder; give a run or a folder of runs")
    return path.absolute()


def _check_port(port: int, address: str) -> None:
    try:
        family, kind, _, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except socket.gaierror as error:
        raise GansmithError(f"--address {address}: {error.strerror}") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise GansmithError(f"--port {port} is taken: choose another one, --port {port + 1}") from error
        raise GansmithError(f"--address {address} --port {port}: {error.strerror}") from error


def _typed(text: str) -> Any:
    return True if text == "true" else text
