"""Sets of images in memory and in streams, with good files and bad ones."""

import multiprocessing
import os
import signal
import warnings
from itertools import islice

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import Source, images, open_dataset, undecoded
from gansmith.data.images import Resident, Streaming, to_range
from gansmith.data.rendering import Rendering
from gansmith.data.undecoded import Table

CPU = torch.device("cpu")


def test_bytes_map_to_minus_one_to_one_and_back():
    bytes_ = torch.arange(256, dtype=torch.uint8)
    x = to_range(bytes_)
    assert x.dtype == torch.float32 and (x.min(), x.max()) == (-1, 1)
    torch.testing.assert_close(x[1:] - x[:-1], torch.full((255,), 2 / 255))
    assert torch.equal((x * 127.5 + 127.5).round().to(torch.uint8), bytes_)


def test_small_sets_are_bytes_in_memory_and_no_loader_touches_them(folder, pixels, monkeypatch):
    monkeypatch.setattr(images, "DataLoader", None)
    dataset = open_dataset(Source(str(folder)))
    assert isinstance(dataset, Resident)
    assert np.array_equal(dataset.samples.numpy(), pixels[:, None])
    batch = next(dataset.batches(12, 0, 0, CPU))
    assert batch.x.shape == (12, 1, 8, 8) and (batch.x.min(), batch.x.max()) == (-1, 1)


def test_the_limit_between_resident_and_streamed_is_the_size_in_bytes(folder):
    bytes_ = 12 * 8 * 8
    for limit, kind in ((bytes_ / 2**30, Resident), ((bytes_ - 1) / 2**30, Streaming)):
        assert type(open_dataset(Source(str(folder), resident_limit=limit))) is kind
    gray_at_16 = open_dataset(Source(str(folder), image_size=16, resident_limit=bytes_ / 2**30))
    assert isinstance(gray_at_16, Streaming) and gray_at_16.shape == (1, 16, 16)


def test_one_image_in_colour_makes_all_colour_and_changes_no_pixel(folder, pixels, encode):
    colour = np.stack([pixels[0], pixels[1], pixels[2]], axis=-1)
    (folder / "dog" / "99.png").write_bytes(encode(colour))
    for limit in (2.0, 0.0):
        dataset = open_dataset(Source(str(folder), resident_limit=limit, workers=0))
        assert dataset.shape == (3, 8, 8)
        x = next(dataset.batches(13, 0, 0, CPU)).x
        rows = {tuple(row.flatten().tolist()) for row in (x * 127.5 + 127.5).round().int()}
        expected = [np.stack([p] * 3) for p in pixels] + [colour.transpose(2, 0, 1)]
        assert rows == {tuple(e.flatten().tolist()) for e in expected}


def looked(table):
    look = table.look()
    return min(look.sizes[0]), look.mode == "L"


def test_a_look_at_a_large_table_is_spread_over_all_of_it():
    gray, colour = Image.new("L", (6, 9)), Image.new("RGB", (6, 9))
    late = Table([gray] * 500 + [colour] * 500, None, [], "late")
    assert looked(late) == (6, False)
    assert looked(Table([gray] * 1000, None, [], "gray")) == (6, True)
    assert Table([gray] * 99 + [colour], None, [], "one").decode(Rendering(6, "L")).shape == (3, 6, 6)
    hidden = Table([b"bad"] * 999 + [colour], None, [], "hidden")
    assert looked(hidden) == (6, False)


def test_unreadable_images_are_left_out_and_counted_in_memory(folder, pixels, encode):
    whole = encode(np.stack([pixels[0]] * 3, axis=-1), "JPEG")
    (folder / "cat" / "02.png").write_bytes(whole[: len(whole) // 2])
    (folder / "dog" / "07.png").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"skipped 2 of 12 images of pets: unreadable, first 02\.png"):
        dataset = open_dataset(Source(str(folder)))
    kept = [0, 1, 3, 4, 5, 6, 8, 9, 10, 11]
    assert np.array_equal(dataset.samples[:, 0].numpy(), pixels[kept])
    assert dataset.labels.tolist() == [int(i >= 5) for i in kept]
    assert "10 images" in dataset.description


def test_unreadable_images_in_a_stream_are_replaced_by_the_next_and_told_once(folder):
    whole = list(islice(open_dataset(Source(str(folder), resident_limit=0.0, workers=0)).batches(12, 0, 0, CPU), 2))
    (folder / "dog" / "11.png").write_bytes(b"broken")  # the next after the last is the first
    stream = open_dataset(Source(str(folder), resident_limit=0.0, workers=2))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        batches = list(islice(stream.batches(12, 0, 0, CPU), 2))
    assert [str(w.message) for w in told] == ["some images of pets are unreadable and left out: 11.png, …"]
    for before, after in zip(whole, batches, strict=True):
        changed = (before.x != after.x).flatten(1).any(dim=1)
        assert changed.sum() == 1 and before.labels[changed] == 1 and after.labels[changed] == 0
        assert (after.x == after.x[changed]).flatten(1).all(dim=1).sum() == 2


def test_colour_that_a_stream_meets_too_late_is_told_once(folder, pixels, encode, monkeypatch):
    """Before, it became gray without a word."""
    monkeypatch.setattr(undecoded, "LOOKED", 2)
    (folder / "cat" / "03.png").write_bytes(encode(np.stack([pixels[3]] * 3, axis=-1)))
    dataset = open_dataset(Source(str(folder), resident_limit=0.0, workers=0))
    assert dataset.shape == (1, 8, 8)
    with pytest.warns(UserWarning, match=r"03\.png of pets is colour and becomes gray, .*: a larger --resident-limit"):
        (batch,) = islice(dataset.batches(12, 0, 0, CPU), 1)
    assert batch.x.shape == (12, 1, 8, 8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(islice(dataset.batches(12, 0, 0, CPU), 2))


def test_ctrl_c_does_not_end_the_workers_before_the_trainer_is_done(folder):
    stream = open_dataset(Source(str(folder), resident_limit=0.0, workers=2))
    batches = stream.batches(5, 0, 0, CPU)
    first = list(islice(batches, 2))  # one from each worker: both are past their start
    workers = multiprocessing.active_children()
    assert len(workers) >= 2
    for worker in workers:
        os.kill(worker.pid, signal.SIGINT)
    seen = first + list(islice(batches, 19))
    calm = islice(open_dataset(Source(str(folder))).batches(5, 0, 0, CPU), 21)
    assert all(torch.equal(a.x, b.x) for a, b in zip(seen, calm, strict=True))
