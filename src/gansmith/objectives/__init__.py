"""Objectives: losses, penalties and other costs as plain functions. The rooms open when somebody first goes through."""

from typing import TYPE_CHECKING

from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.objectives import augmentation, information, losses, matching, penalties, reconstruction, showing

__all__ = ["augmentation", "information", "losses", "matching", "penalties", "reconstruction", "showing"]

__getattr__ = doors(__name__, dict.fromkeys(__all__, ""))
