"""Drawn portraits with known attributes: faces without a file, a download or anyone's picture."""

from typing import TYPE_CHECKING

from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.data.portraits.drawing import attributes, draw
    from gansmith.data.portraits.people import ATTRIBUTES
    from gansmith.data.portraits.stored import HELD_OUT, open_portraits, portraits

__all__ = ["ATTRIBUTES", "HELD_OUT", "attributes", "draw", "open_portraits", "portraits"]

__getattr__ = doors(
    __name__,
    {
        "ATTRIBUTES": "people",
        "HELD_OUT": "stored",
        "attributes": "drawing",
        "draw": "drawing",
        "open_portraits": "stored",
        "portraits": "stored",
    },
)
