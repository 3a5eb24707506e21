"""Other samples, labels or names have another fingerprint, however large a set is; the same ones the same."""

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import Source, fingerprint, open_dataset
from gansmith.data.fingerprint import changed, located
from gansmith.data.images import Resident, Streaming
from gansmith.data.memory import from_memory
from gansmith.data.stacked import stack
from gansmith.data.toys import ring

PIXELS = torch.arange(2 * 4 * 4, dtype=torch.uint8).reshape(2, 1, 4, 4).repeat(3, 1, 1, 1)
LABELS = torch.tensor([0, 1, 0, 1, 0, 1])


def resident(pixels=PIXELS, labels=LABELS, names=("a", "b"), attributes=None, titles=()):
    return Resident(pixels, labels, list(names), "some", attributes, list(titles))


def hashed(dataset):
    return fingerprint.fingerprint(dataset)


@pytest.fixture(params=["whole", "some"])
def size(request, monkeypatch):
    if request.param == "some":
        monkeypatch.setattr(fingerprint, "WHOLE", 0)
    return request.param


def test_anything_else_has_another_hash(size):
    other, spoken = PIXELS.clone(), torch.rand(6, 2, generator=torch.Generator().manual_seed(0))
    other[3, 0, 2, 1] += 1
    sets = [
        resident(),
        resident(other),
        resident(PIXELS.reshape(6, 1, 2, 8)),
        resident(labels=1 - LABELS),
        resident(labels=None, names=()),
        resident(names=("a", "c")),
        resident(attributes=spoken, titles=("x", "y")),
        resident(attributes=spoken, titles=("x", "z")),
        resident(attributes=1 - spoken, titles=("x", "y")),
    ]
    found = [hashed(one) for one in sets]
    assert len({one["hash"] for one in found}) == len(sets)
    assert all(one["count"] == one["looked_at"] == 6 and one["of"] == "decoded" for one in found)
    assert hashed(resident()) == found[0] and not changed(found[0], hashed(resident()))
    assert all(changed(found[0], one) for one in found[1:])


def test_a_set_at_the_limit_is_hashed_whole_and_a_larger_one_in_part(monkeypatch):
    monkeypatch.setattr(fingerprint, "ROWS", 3)
    for limit, looked in ((PIXELS.nbytes, 6), (PIXELS.nbytes - 1, 3)):
        monkeypatch.setattr(fingerprint, "WHOLE", limit)
        assert hashed(resident())["looked_at"] == looked


def test_stacked_samples_are_those_they_are_made_of_and_endless_ones_have_none():
    base = resident()
    assert hashed(stack(base)) == hashed(base) and hashed(ring()) == {}


def streamed(folder):
    dataset = open_dataset(Source(str(folder), resident_limit=0.0, workers=0))
    assert isinstance(dataset, Streaming)
    return hashed(dataset)


def test_of_a_stream_names_sizes_and_contents_count(folder, pixels, encode, monkeypatch):
    before = streamed(folder)
    assert before["of"] == "files" and before["count"] == before["looked_at"] == 12 and streamed(folder) == before
    path = folder / "cat" / "01.png"
    content = path.read_bytes()
    path.write_bytes(encode(pixels[1].T.copy()))
    assert streamed(folder)["hash"] != before["hash"]
    path.write_bytes(content)
    assert streamed(folder) == before
    monkeypatch.setattr(fingerprint, "FILES", 1)  # the contents of the others are not looked at: their sizes are
    some = streamed(folder)
    assert some["looked_at"] == 1
    last = folder / "dog" / "11.png"
    last.write_bytes(last.read_bytes() + b" ")
    assert streamed(folder)["hash"] != some["hash"]
    last.write_bytes(last.read_bytes()[:-1])
    last.rename(last.with_name("12.png"))
    assert streamed(folder)["hash"] != some["hash"]


def test_tables_have_hashes_of_their_cells(tmp_path, pixels, encode, cache):
    datasets = pytest.importorskip("datasets")
    found = []
    for images in (pixels, pixels, pixels[::-1]):
        path = tmp_path / f"{len(found)}.parquet"
        cells = {"image": [encode(one) for one in images]}
        datasets.Dataset.from_dict(cells, datasets.Features({"image": datasets.Image()})).to_parquet(path)
        found.append(hashed(open_dataset(Source(str(path), resident_limit=0.0, workers=0))))
    assert found[0]["hash"] == found[1]["hash"] != found[2]["hash"] and found[0]["of"] == "files"


@pytest.mark.parametrize("kind", ["array", "pictures"])
def test_streams_of_arrays_and_of_pictures_in_memory_are_known_again(tmp_path, pixels, kind):
    """Before, each time they were others: a run on an array larger than --resident-limit could not be resumed."""

    def hash_of(samples):
        np.save(tmp_path / "a.npy", samples)
        how = {"resident_limit": 0.0, "workers": 0}
        if kind == "array":
            return hashed(open_dataset(Source(str(tmp_path / "a.npy"), **how)))
        return hashed(from_memory([Image.fromarray(one) for one in samples], None, Source("data", **how)))

    first = hash_of(pixels)
    assert first["of"] == "files" and hash_of(pixels) == first
    many = np.repeat(pixels, 10, axis=0)
    other = many.copy()
    other[2] ^= 1  # not among 64 that are spread evenly
    assert (hash_of(many) == hash_of(other)) == (kind == "pictures")
    assert hash_of(pixels[::-1])["hash"] != first["hash"]


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ({}, {"hash": "a", "of": "files", "count": 1}, False),
        ({"hash": "a", "of": "files", "count": 1}, {"hash": "a", "of": "files", "count": 1}, False),
        ({"hash": "a", "of": "files", "count": 1}, {"hash": "b", "of": "files", "count": 1}, True),
        ({"hash": "a", "of": "files", "count": 1}, {"hash": "a", "of": "files", "count": 2}, True),
        ({"hash": "a", "of": "files", "count": 1}, {"hash": "b", "of": "decoded", "count": 1}, False),
    ],
)
def test_only_what_was_taken_alike_is_compared(before, now, other):
    assert changed(before, now) is other


def test_paths_are_told_in_full_and_all_else_is_none(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", np.zeros((2, 2)))
    monkeypatch.chdir(tmp_path)
    here = str(tmp_path / "a.npy")
    assert located("a.npy") == here and located("stacked:a.npy") == f"stacked:{here}"
    for name in ("", "ring", "b.npy", "stacked:digits", "hub:ylecun/mnist", "module:attribute"):
        assert located(name) is None
