"""Labels of data that a program holds: the same classes in whatever form they come."""

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.data.labels import read_labels
from gansmith.data.memory import from_memory
from gansmith.errors import GansmithError

NUMBERS = [i % 3 for i in range(12)]
WORDS = [["ant", "bee", "fox"][i] for i in NUMBERS]
FORMS = {
    "list": NUMBERS,
    "tuple": tuple(NUMBERS),
    "range of a list": [torch.tensor(i) for i in NUMBERS],
    "tensor": torch.tensor(NUMBERS),
    "int8": torch.tensor(NUMBERS, dtype=torch.int8),
    "array": np.array(NUMBERS),
    "numpy scalars": [np.int64(i) for i in NUMBERS],
    "words": WORDS,
    "array of words": np.array(WORDS),
    "array of objects": np.array(WORDS, dtype=object),
    "generator": "generator",
    "column": np.array(NUMBERS)[:, None],
    "column tensor": torch.tensor(NUMBERS)[:, None],
    "lists of one": [[i] for i in NUMBERS],
    "column of words": np.array(WORDS)[:, None],
    "one-hot": np.eye(3)[NUMBERS],
    "one-hot tensor": torch.eye(3)[torch.tensor(NUMBERS)],
    "one-hot bytes": np.eye(3, dtype=np.uint8)[NUMBERS],
    "one-hot lists": np.eye(3, dtype=int)[NUMBERS].tolist(),
    "whole floats": np.array(NUMBERS, dtype=float),
}


@pytest.fixture(params=["tensor", "pictures", "array", "hub", "set"])
def samples(request, pixels, cache):
    """Twelve images in every form that a program may hold."""
    if request.param == "hub":
        import datasets

        kind = datasets.Features({"image": datasets.Image(), "label": datasets.Value("int64")})
        return datasets.Dataset.from_dict({"image": [Image.fromarray(p) for p in pixels], "label": [7] * 12}, kind)
    if request.param == "pictures":
        return [Image.fromarray(p) for p in pixels]
    if request.param == "set":
        return torch.utils.data.TensorDataset(torch.from_numpy(pixels), torch.full((12,), 7))
    return pixels if request.param == "array" else torch.from_numpy(pixels)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_same_classes(samples, form):
    labels = (i for i in NUMBERS) if form == "generator" else FORMS[form]
    data = from_memory(samples, labels)
    assert data.labels.tolist() == NUMBERS and data.labels.dtype == torch.int64
    assert data.label_names == (["ant", "bee", "fox"] if "words" in form or "objects" in form else ["0", "1", "2"])


@pytest.mark.parametrize(
    ("labels", "line"),
    [
        ([[1, 2]] * 12, "rows of 2 values are neither one-hot nor zeros and ones: give one class for each sample"),
        (np.full((12, 3), 0.5), "rows of 3 values are neither one-hot"),
        (np.zeros((12, 2, 2)), r"labels of shape \(12, 2, 2\) are neither one class a row nor rows of zeros and ones"),
        ([[1], [1, 2]] * 6, "holds lists, not one class for every row"),
        (
            np.linspace(0, 359, 12) + 0.5,
            "holds measurements, 12 different numbers from 0.5 .* --label-bins 10",
        ),
        ([1, 2], "12 samples but 2 labels"),
        (torch.tensor([1] * 13), "12 samples but 13 labels"),
        ("ant", "labels = 'ant': give one for each sample, as a tensor, an array or a list"),
        (3, "labels = 3: give one for each sample"),
        (torch.tensor(3), "labels = 3: give one for each sample"),
        ([1, "ant", *[2] * 10], "does not hold one class for every row"),
        ([0.0, 1.0, np.inf] * 4, "holds measurements, 3 different numbers from 0 to 1, and no classes"),
        ([np.inf] * 12, "holds measurements, 1 different numbers"),
        (np.arange(12).astype("datetime64[ns]"), r"times \(datetime64\[ns\]\): give classes, or numbers"),
    ],
)
def test_nonsense_is_one_line(samples, labels, line):
    with pytest.raises(GansmithError, match=line) as caught:
        from_memory(samples, labels)
    assert "\n" not in str(caught.value)


def test_labels_nobody_would_look_at_are_refused(samples):
    with pytest.raises(GansmithError, match="labels are of data given in Python, data="):
        gansmith.train("cdcgan", data="digits", labels=NUMBERS, steps=1, quiet=True)
    with pytest.raises(GansmithError, match="labels: data that bring their own minibatches bring their labels too"):
        from_memory(from_memory(samples, NUMBERS), NUMBERS)


def test_items_of_a_sample_alone_have_no_labels(pixels):
    alone = torch.utils.data.TensorDataset(torch.from_numpy(pixels))
    assert from_memory(alone).labels is None
    assert from_memory(alone, [3] * 6 + [5] * 6).label_names == ["3", "5"]


def test_rows_with_several_ones_are_attributes(samples):
    rows = np.array([[1, 1, 0], [0, 0, 1]] * 6)
    data = from_memory(samples, rows)
    assert data.labels is None and data.attribute_names == ["labels0", "labels1", "labels2"]
    assert torch.equal(data.attributes, torch.from_numpy(rows).float())
    assert "labels: rows with 1 to 2 labels each are 3 attributes" in data.notes


def test_measurements_are_classes_of_equal_width_where_that_is_asked_for(samples):
    angles = np.array([0.0, 89.9, 90.1, 359.0, np.nan, 180.0] * 2)
    with pytest.raises(GansmithError, match="holds measurements, 5 different numbers from 0 to 359, and no classes"):
        from_memory(samples, angles)
    data = from_memory(samples, angles, Source("data", label_bins=4))
    assert data.label_names == ["0..89.75", "89.75..179.5", "179.5..269.2", "269.2..359"]
    assert data.labels.tolist() == [0, 1, 1, 3, -1, 2] * 2
    whole = from_memory(samples, range(0, 120, 10), Source("data", label_bins=2))
    assert whole.labels.tolist() == [0] * 6 + [1] * 6


def test_minus_one_is_a_class_beside_one_alone(samples):
    """Two-valued labels are −1 and 1; beside others −1 says that there is none."""
    assert from_memory(samples, [-1, 1] * 6).label_names == ["-1", "1"]
    data = from_memory(samples, [-1, 0, 1, 2] * 3)
    assert data.label_names == ["0", "1", "2"] and data.labels.tolist() == [-1, 0, 1, 2] * 3
    assert from_memory(samples, [-1] * 12).labels is None
    assert from_memory(samples, ["ant", "", None] * 4).labels.tolist() == [0, -1, -1] * 4


def test_nearly_as_many_classes_as_samples_are_said():
    data = from_memory(torch.rand(100, 3), range(100))
    assert "labels: 100 classes for 100 samples; --label-bins 10 makes ten" in data.notes


def test_a_conditional_run_takes_them_and_knows_them_by_name(samples):
    tiny = {"batch": 4, "width": 4, "latent": 5, "steps": 1, "evaluate_every": 0, "quiet": True, "image_size": 8}
    gan = gansmith.train("cdcgan", data=samples, labels=np.array(WORDS), **tiny)
    assert gan.vocabulary.labels == ("ant", "bee", "fox") and gan.sample(2, labels="fox").shape == (2, 1, 8, 8)


@pytest.mark.parametrize(
    ("labels", "line"),
    [
        (WORDS, "labels holds words"),
        (np.eye(3)[NUMBERS], "labels holds rows of zeros and ones"),
        (None, "the data have no labels"),
    ],
)
def test_bins_that_nothing_is_put_into_are_refused(pixels, labels, line):
    """Before, they were passed over in silence."""
    for samples in (pixels, [Image.fromarray(p) for p in pixels]):
        with pytest.raises(GansmithError, match=f"--label-bins 3: {line}, and bins are of measured numbers"):
            from_memory(samples, labels, Source("data", label_bins=3))


def test_bins_have_names_of_their_own():
    """Before, four digits gave several the same, and classes are their names."""
    x = torch.rand(12, 2)
    data = from_memory(x, np.linspace(1e6, 1e6 + 1, 12), Source("data", label_bins=4))
    assert len({*data.label_names}) == 4 and data.label_names[0] == "1000000..1000000.2"
    with pytest.raises(GansmithError, match="holds no two different numbers, which --label-bins 4 needs"):
        from_memory(x, [5] * 12, Source("data", label_bins=4))


def test_words_in_bytes_are_words(tmp_path, pixels):
    """Before, an empty one was a class, and é in two spellings two classes of one name."""
    words = [b"cat", b"", "\u00e9".encode(), "e\u0301".encode(), b"\xe9t\xe9", b"\xe8t\xe8"] * 2
    np.savez(tmp_path / "a.npz", x=pixels, y=np.array(words))
    data = open_dataset(Source(str(tmp_path / "a.npz")))
    assert data.label_names == ["cat", "\u00e8t\u00e8", "\u00e9", "\u00e9t\u00e9"]
    assert data.labels[:6].tolist() == [0, -1, 2, 2, 3, 1]


def test_times_are_no_classes(tmp_path, pixels):
    """Before, each nanosecond was one."""
    np.savez(tmp_path / "a.npz", x=pixels, when=np.arange(12).astype("datetime64[ns]"))
    with pytest.raises(GansmithError, match=r"array 'when': holds times \(datetime64\[ns\]\): give classes"):
        open_dataset(Source(str(tmp_path / "a.npz"), image_column="x", label_column="when"))


def test_minus_one_has_no_name_where_classes_have_one():
    labels = read_labels("label", [-1, 1, 1], ["ant", "bee"])
    assert labels.numbers.tolist() == [-1, 1, 1] and labels.names == ["ant", "bee"]
