"""Every setting of where the data come from changes what is read, or how."""

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data.dataset import first
from gansmith.data.opening import open_dataset
from gansmith.data.scale import scale_of
from gansmith.data.source import SOURCES, Source
from gansmith.settings.components import settings_of

CPU = torch.device("cpu")
RNG = np.random.default_rng(0)


def arrays(folder):
    gray = [RNG.integers(0, 200, (12, 8, 8), dtype=np.uint8) for _ in range(2)]
    measured = {"angle": RNG.random(12).astype("f4"), "old": RNG.random(12) < 0.5, "glad": RNG.random(12) < 0.5}
    known = {"label": np.arange(12) % 3, "other": np.arange(12) % 2}
    np.savez(folder / "gray.npz", first=gray[0], second=gray[1], **known, **measured)
    return folder / "gray.npz"


def pictures(folder):
    for i, split in enumerate(("train", "train", "test")):
        for kind in ("one", "two"):
            path = folder / "pictures" / split / f"{kind}-{i}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = RNG.integers(0, 256, (16, 10, 4), dtype=np.uint8)
            Image.fromarray(pixels, "RGBA").save(path)
    return folder / "pictures"


CASES = {
    "data": (None, {"data": "ring"}, {"data": "grid"}),
    "image_column": (arrays, {"image_column": "first"}, {"image_column": "second"}),
    "label_column": (arrays, {"image_column": "first"}, {"label_column": "other"}),
    "attribute_columns": (arrays, {"image_column": "first"}, {"attribute_columns": "old"}),
    "split": (pictures, {"split": "train", "fit": "crop"}, {"split": "test"}),
    "skip": (pictures, {"split": "train", "fit": "crop"}, {"skip": "one-*"}),
    "label_bins": (arrays, {"image_column": "first", "label_column": "angle", "label_bins": 2}, {"label_bins": 3}),
    "image_size": (pictures, {"split": "train", "fit": "crop"}, {"image_size": 8}),
    "fit": (pictures, {"split": "train", "fit": "crop"}, {"fit": "pad"}, {"fit": "stretch"}),
    "as_": (arrays, {"image_column": "first", "as_": "images"}, {"as_": "vectors"}),
    "values": (arrays, {"image_column": "first"}, {"values": (0.0, 100.0)}),
    "background": (pictures, {"split": "train", "fit": "crop"}, {"background": "black"}, {"background": "keep"}),
    "flip": (arrays, {"image_column": "first"}, {"flip": True}),
    "standardize": (None, {"data": "ring"}, {"standardize": True}),
    "resident_limit": (arrays, {"image_column": "first"}, {"resident_limit": 0.0}),
    "workers": (arrays, {"image_column": "first", "resident_limit": 0.0, "workers": 0}, {"workers": 1}),
}


def read(source):
    """Return all that can be told of data that are open."""
    data = open_dataset(source, lambda side: side)
    batch = next(data.batches(6, 0, 0, CPU)) if data.count is None else next(first(data, 6))
    scale = scale_of(data, source)
    batches = [] if getattr(data, "workers", 0) else [b.x for b, _ in zip(data.batches(6, 1, 0, CPU), range(2))]  # noqa: B905
    known = [None if part is None else part.tolist() for part in (batch.labels, batch.attributes)]
    pixels = [x.tolist() for x in batches]
    how = type(data), getattr(data, "workers", None), None if scale is None else True
    return data.shape, data.label_names, data.attribute_names, known, pixels, how


def test_no_setting_is_left_out():
    assert set(CASES) == {one.name for one in settings_of(SOURCES.ours["source"])}, "write a case for it"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CASES)
def test_a_setting_counts(name, tmp_path):
    make, usual, *others = CASES[name]
    place = {} if make is None else {"data": str(make(tmp_path))}
    seen = [read(Source(**{**place, **usual, **changes})) for changes in ({}, *others)]
    for i, one in enumerate(seen):
        assert all(one != before for before in seen[:i]), f"{name}: {others} change nothing"
