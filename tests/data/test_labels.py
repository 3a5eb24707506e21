"""Labels of data that a program holds: the same classes in whatever form they come."""

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
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
        (
            torch.eye(3)[torch.tensor(NUMBERS)],
            r"one class for each sample, \(N,\); of rows that are one-hot, their argmax",
        ),
        (np.eye(3)[NUMBERS], "one-hot"),
        ([[1, 2]] * 12, "one-hot"),
        ([1, 2], "12 samples but 2 labels"),
        (torch.tensor([1] * 13), "12 samples but 13 labels"),
        ("ant", "labels = 'ant': give one for each sample, as a tensor, an array or a list"),
        (3, "labels = 3: give one for each sample"),
        (torch.tensor(3), "labels = 3: give one for each sample"),
        ([1, "ant", *[2] * 10], "does not hold one class for every row"),
        ([None, *[2] * 11], "does not hold one class for every row"),
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


def test_a_conditional_run_takes_them_and_knows_them_by_name(samples):
    tiny = {"batch": 4, "width": 4, "latent": 5, "steps": 1, "evaluate_every": 0, "quiet": True, "image_size": 8}
    gan = gansmith.train("cdcgan", data=samples, labels=np.array(WORDS), **tiny)
    assert gan.vocabulary.labels == ("ant", "bee", "fox") and gan.sample(2, labels="fox").shape == (2, 1, 8, 8)
