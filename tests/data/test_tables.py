"""Parquet files and hub sets: columns, labels and pixels."""

import warnings
from pathlib import Path

import datasets
import numpy as np
import pytest
import torch

from gansmith.data import Source, open_dataset, tables
from gansmith.errors import GansmithError

pytestmark = pytest.mark.usefixtures("cache")
SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped, no data")


@pytest.fixture
def table(tmp_path, encode):
    """Writes columns to a parquet file; arrays are encoded as images."""

    def path_of(features=None, where="a.parquet", **columns):
        cells = {n: [encode(c) if isinstance(c, np.ndarray) else c for c in column] for n, column in columns.items()}
        path = tmp_path / where
        path.parent.mkdir(parents=True, exist_ok=True)
        datasets.Dataset.from_dict(cells, features and datasets.Features(features)).to_parquet(path)
        return str(path)

    return path_of


HUB = {"image": datasets.Image(), "label": datasets.ClassLabel(names=["no", "yes"])}


def test_images_and_named_classes(table, pixels):
    dataset = open_dataset(Source(table(HUB, image=list(pixels), label=[0, 1] * 6)))
    assert np.array_equal(dataset.samples[:, 0].numpy(), pixels)
    assert dataset.labels.tolist() == [0, 1] * 6 and dataset.label_names == ["no", "yes"]
    assert dataset.description.endswith("/a.parquet: 12 images, 8x8, gray")


def test_plain_binary_and_struct_columns_and_other_labels(table, pixels, encode):
    binary = {"photo": datasets.Value("binary"), "y": datasets.Value("string"), "id": datasets.Value("int64")}
    words = ["b", "a", "c"] * 4
    dataset = open_dataset(Source(table(binary, photo=list(pixels), y=words, id=list(range(12)))))
    assert np.array_equal(dataset.samples[:, 0].numpy(), pixels)
    assert [dataset.label_names[i] for i in dataset.labels] == words
    by_id = open_dataset(Source(table(binary, photo=list(pixels), y=words, id=list(range(12))), label_column="id"))
    assert by_id.labels.tolist() == list(range(12))

    struct = {"img": {"bytes": datasets.Value("binary"), "path": datasets.Value("string")}}
    cells = [{"bytes": encode(image), "path": None} for image in pixels]
    assert torch.equal(open_dataset(Source(table(struct, img=cells))).samples, dataset.samples)


def test_rows_without_a_label_are_told_and_measurements_are_left_out_with_a_warning(table, pixels):
    dataset = open_dataset(Source(table(HUB, image=list(pixels), label=[0, None] * 6)))
    assert dataset.labels.tolist() == [0, -1] * 6 and dataset.label_names == ["no", "yes"]
    assert dataset.notes == ["column 'label': 6 of 12 samples have no label"]
    path = table({**HUB, "label": datasets.Value("float32")}, image=list(pixels), label=[0.5, 0.25] * 6)
    with pytest.warns(UserWarning, match="column 'label': holds measurements, .*--label-bins 10.*; going on without"):
        assert open_dataset(Source(path)).labels is None
    assert open_dataset(Source(path, label_column="label", label_bins=2)).labels.tolist() == [1, 0] * 6


def test_lists_of_a_table_are_one_hot_or_attributes(table, pixels):
    several = {**HUB, "label": datasets.Sequence(datasets.Value("int64"))}
    dataset = open_dataset(Source(table(several, image=list(pixels), label=[[1, 0, 1], [0, 0, 1]] * 6)))
    assert dataset.attribute_names == ["label0", "label1", "label2"] and dataset.labels is None


def test_a_file_that_changes_is_read_anew(table, pixels):
    table(HUB, image=list(pixels), label=[0] * 12)
    first = open_dataset(Source(table(HUB, image=list(pixels), label=[0] * 12)))
    second = open_dataset(Source(table(HUB, image=list(pixels[:4]), label=[1] * 4)))
    assert len(first.samples) == 12 and len(second.samples) == 4


def test_a_stream_of_a_parquet_file_is_its_resident_set(table, pixels):
    path = table(HUB, image=list(pixels), label=[0, 1] * 6)
    resident, stream = (open_dataset(Source(path, resident_limit=limit)) for limit in (2.0, 0.0))
    for a, b, _ in zip(*(d.batches(5, 0, 0, torch.device("cpu")) for d in (resident, stream)), range(5), strict=False):
        assert torch.equal(a.x, b.x) and torch.equal(a.labels, b.labels)


def test_hub_sets_and_local_folders_of_their_form_open_alike(table, pixels, tmp_path):
    for split, rows in (("train", slice(0, 8)), ("test", slice(8, 12))):
        where = f"repo/data/{split}-00000-of-00001.parquet"
        table(HUB, where, image=list(pixels[rows]), label=[1] * len(pixels[rows]))
    name = f"hub:{tmp_path / 'repo'}"
    for split, rows in (("train", slice(0, 8)), ("test", slice(8, 12)), ("train[2:5]", slice(2, 5))):
        dataset = open_dataset(Source(name, split=split))
        assert np.array_equal(dataset.samples[:, 0].numpy(), pixels[rows]), split
        assert dataset.label_names == ["no", "yes"]


def test_only_the_image_column_of_several_that_is_asked_for_is_read(table, pixels):
    two = {"front": datasets.Image(), "back": datasets.Image()}
    path = table(two, front=list(pixels), back=[b"not an image"] * 12)
    dataset = open_dataset(Source(path, image_column="front"))
    assert np.array_equal(dataset.samples[:, 0].numpy(), pixels)


@needs_data
def test_mnist_has_its_sixty_thousand_images_bit_for_bit():
    path = SHARED / "mnist" / "train.parquet"
    stream = open_dataset(Source(str(path), resident_limit=0.0, workers=0))
    assert len(stream.table.cells) == 60_000 and stream.shape == (1, 28, 28)
    assert torch.bincount(stream.table.labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    rows = datasets.Dataset.from_parquet(str(path))
    for row in (0, 31_415, 59_999):
        assert np.array_equal(stream[row][0][0], np.asarray(rows[row]["image"]))
        assert stream[row][1:] == (row, row, 1) and stream.table.labels[row] == rows[row]["label"]
    at_32 = open_dataset(Source(str(path), image_size=32, resident_limit=0.0))
    assert at_32.shape == (1, 32, 32) and at_32[0][0].shape == (1, 32, 32)


@needs_data
@pytest.mark.parametrize("name, shape", [("mnist/test", (1, 28, 28)), ("olivetti/train", (1, 64, 64))])
def test_real_sets_decode_in_full(name, shape):
    dataset = open_dataset(Source(str(SHARED / f"{name}.parquet")))
    assert dataset.shape == shape and len(dataset.samples) == len(dataset.labels) == {"mnist/test": 3000}.get(name, 400)


@needs_data
def test_cifar_is_colour():
    stream = open_dataset(Source(str(SHARED / "cifar10" / "train.parquet"), resident_limit=0.05))
    assert stream.shape == (3, 32, 32) and len(stream.table.cells) == 20_000 and stream.label_names[6] == "frog"


def test_a_picture_in_a_column_called_label_is_no_label(table, pixels):
    dataset = open_dataset(Source(table({"label": datasets.Image()}, label=list(pixels))))
    assert dataset.labels is None and np.array_equal(dataset.samples[:, 0].numpy(), pixels)


def test_a_column_of_plain_words_is_a_label_by_its_name_alone(table, pixels):
    words = {"image": datasets.Image(), "label": datasets.Value("string"), "other": datasets.Value("string")}
    dataset = open_dataset(Source(table(words, image=list(pixels), label=["a", "b"] * 6, other=["c"] * 12)))
    assert dataset.label_names == ["a", "b"]
    without = {name: words[name] for name in ("image", "other")}
    assert open_dataset(Source(table(without, image=list(pixels), other=["c"] * 12))).labels is None


def test_a_table_without_rows_is_one_line(table):
    flags = {"image": datasets.Image(), "smiles": datasets.Value("bool")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(GansmithError, match="no"):
            open_dataset(Source(table(flags, image=[], smiles=[])))


def test_flags_are_attributes_by_themselves_where_there_are_no_labels(table, pixels):
    flags = {"image": datasets.Image(), "smiles": datasets.Value("bool"), "count": datasets.Value("int64")}
    columns = {"image": list(pixels), "smiles": [True, False] * 6, "count": [0, 1] * 6}
    assert open_dataset(Source(table(flags, **columns))).attribute_names == ["smiles"]
    assert open_dataset(Source(table(flags, **columns), label_column="count")).attribute_names == []
    assert open_dataset(Source(table(flags, **columns), attribute_columns="count")).attribute_names == ["count"]
    numbers = {name: flags[name] for name in ("image", "count")}
    some = {name: columns[name] for name in numbers}
    assert open_dataset(Source(table(numbers, **some))).attribute_names == ["count"]
    assert open_dataset(Source(table(numbers, **some | {"count": [0, 1, 2] * 4}))).attribute_names == []


def test_a_large_file_is_known_by_its_size_its_ends_and_places_between(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "HASHED", 1000)
    monkeypatch.setattr(tables, "PIECE", 10)
    path, content = tmp_path / "a", bytearray(range(250)) * 26  # 6,500 bytes: a look every 101
    path.write_bytes(content)
    first = tables.content_of(path)
    assert tables.content_of(path) == first
    for place, seen in ((0, True), (9, True), (50, False), (101, True), (6400, False), (6490, True), (6499, True)):
        other = bytearray(content)
        other[place] ^= 1
        path.write_bytes(other)
        assert (tables.content_of(path) != first) == seen, place
    path.write_bytes(content + b"x")
    assert tables.content_of(path) != first
    small = bytearray(range(100))
    path.write_bytes(small)
    before = tables.content_of(path)
    small[55] ^= 1
    path.write_bytes(small)
    assert tables.content_of(path) != before  # of a small one all of it
