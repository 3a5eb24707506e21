"""Where the real samples come from, as settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gansmith.settings import Count, Index, Kind, Weight

Fit = Literal["crop", "pad", "stretch"]
KEPT = "keep"
"""Stands for a background where there is none: how opaque a pixel is stays a channel of its own."""


@dataclass(frozen=True)
class Source:
    """Where the real samples come from."""

    data: str = "digits"
    """A built-in set (see `gansmith data`), an image folder, a .parquet, .npy or .npz file, or hub:OWNER/NAME."""
    image_column: str | None = None
    """Column (parquet, hub) or array (.npz) that holds the images; found by itself when there is only one."""
    label_column: str | None = None
    """Column or array that holds the labels; found by itself when it is called label, labels or y."""
    attribute_columns: str | None = None
    """Columns or arrays that hold attributes in [0, 1], or −1 and 1, with commas between: Young,Smiling; by default
    all columns of booleans where no column holds labels, or all that a folder's list_attr_celeba.txt tells."""
    split: str | None = None
    """Split of a hub data set, by default train; or a folder or the arrays of a split: train, images/train, all."""
    skip: str | None = None
    """Names of files in a folder that are passed over, with * for any letters and commas between: *_mask.png."""
    label_bins: Count | None = None
    """Classes of equal width that measured labels, such as angles, are put into."""
    image_size: Count | None = None
    """Side in pixels that images are resized to; by default the next size up that the network makes."""
    fit: Fit | None = None
    """How pictures become square: the centre is cropped, all is padded, or all is stretched; by default the centre of
    pictures whose sides are near each other, 3:2 at most, and of others it is asked."""
    as_: Literal["images", "vectors"] | None = None
    """What the samples of an array are: images, or vectors of all their numbers; by default what its shape tells."""
    values: tuple[float, float] | None = None
    """The numbers that are black and white in pictures and arrays of them; by default what the data's own bits, and
    their least and largest number, tell."""
    background: str = "white"
    """The colour behind transparent pixels and around padded pictures, by name or #RRGGBB; keep makes alpha a fourth
    channel."""
    flip: bool = False
    """Mirror real images from left to right at random: each counts twice. They are measured against as they are."""
    standardize: bool = False
    """Train on vectors in units of their spread: mean 0 and deviation 1 in every column. Samples are in the data's."""
    resident_limit: Weight = 2.0
    """Sets of up to this many GiB live on the device as bytes; larger ones stream from disk."""
    workers: Index = 2
    """Processes that decode images when the set streams."""


SOURCES = Kind("source", "data", {"source": Source})
