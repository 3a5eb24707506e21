"""Rooms whose doors open when somebody first goes through: naming them imports nothing (PEP 562)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def doors(room: str, leads: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package.

    Args:
        room: the package's name.
        leads: the module of the package in which each name lives; the module itself has the empty text.
    """

    def open_door(name: str) -> Any:
        if name not in leads:
            raise AttributeError(f"module '{room}' has no attribute '{name}'")
        module = importlib.import_module(f"{room}.{leads[name] or name}")
        return getattr(module, name) if leads[name] else module

    return open_door
