"""Small sets of images, made anew for each test."""

import io

import numpy as np
import pytest
from PIL import Image

from gansmith.data import Source, open_dataset


@pytest.fixture
def pixels():
    """Twelve gray images of 8×8 random bytes, the first with both extremes."""
    array = np.random.default_rng(0).integers(0, 256, (12, 8, 8), dtype=np.uint8)
    array[0, 0, :2] = 0, 255
    return array


@pytest.fixture
def encode():
    """Turns an array or a picture into the bytes of an image file."""

    def bytes_of(image, kind="PNG", **options):
        image = image if isinstance(image, Image.Image) else Image.fromarray(image)
        file = io.BytesIO()
        image.save(file, kind, **options)
        return file.getvalue()

    return bytes_of


@pytest.fixture
def folder(tmp_path, pixels, encode):
    """A folder of twelve PNG files in the subfolders cat and dog, in the order of `pixels`."""
    for i, image in enumerate(pixels):
        path = tmp_path / "pets" / ("cat" if i < 5 else "dog") / f"{i:02d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(image))
    return tmp_path / "pets"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Keeps what the datasets library writes inside the test's own folder."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


@pytest.fixture
def opened(tmp_path, encode):
    """Opens a folder of these pictures, arrays or the bytes of files."""

    def dataset(*images, suffix="png", kind="PNG", **said):
        for i, image in enumerate(images):
            content = image if isinstance(image, bytes) else encode(image, kind)
            (tmp_path / f"{i:03d}.{suffix}").write_bytes(content)
        return open_dataset(Source(str(tmp_path), **said))

    return dataset


@pytest.fixture
def array(tmp_path_factory):
    def dataset(samples, **said):
        path = tmp_path_factory.mktemp("arrays") / "a.npy"
        np.save(path, samples)
        return open_dataset(Source(str(path), **said))

    return dataset


@pytest.fixture
def pictures(tmp_path):
    """Writes a folder of files, given as bytes, and names it as data."""

    def written(*contents, suffix="png"):
        folder = tmp_path / "pictures"
        folder.mkdir(exist_ok=True)
        for i, content in enumerate(contents):
            (folder / f"{i}.{suffix}").write_bytes(content)
        return Source(str(folder))

    return written
