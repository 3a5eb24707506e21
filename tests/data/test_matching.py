"""Samples without a label, and classes that are matched by name."""

import numpy as np
import pytest
import torch

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.data.memory import from_memory
from gansmith.data.subset import aligned, labelled
from gansmith.errors import GansmithError
from gansmith.training.assemble import assemble

CPU = torch.device("cpu")
TINY = {"batch": 4, "width": 4, "latent": 5, "evaluate_every": 0, "quiet": True, "image_size": 16, "device": "cpu"}


def classes(dataset, count=12):
    """Return the mean shade of samples, and the names of their labels."""
    batch = next(dataset.batches(count, 0, 0, CPU))
    names = ["-" if i < 0 else dataset.label_names[i] for i in batch.labels.tolist()]
    return sorted(zip(batch.x.flatten(1).mean(1).tolist(), names, strict=True))


@pytest.mark.parametrize("missing", [-1, None, float("nan")])
@pytest.mark.parametrize("limit", [2.0, 0.0])
def test_samples_without_a_label_stay_and_a_conditional_run_leaves_them_out(pixels, missing, limit):
    labels = [missing if i % 4 == 0 else i % 3 for i in range(12)]
    data = from_memory(pixels, labels, Source("data", resident_limit=limit, workers=0))
    assert data.label_names == ["0", "1", "2"] and data.count == 12
    assert data.notes == ["labels: 3 of 12 samples have no label"]
    assert data.frequencies.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3], abs=0.12)
    part = labelled(data)
    assert part.count == 9 and part.description.endswith("9 of them labelled")
    assert classes(part, 9) == [pair for pair in classes(data) if pair[1] != "-"]
    assert labelled(part) is part


def test_one_run_takes_those_with_labels_and_another_takes_all(pixels):
    labels = np.where(np.arange(12) % 4 == 0, -1, np.arange(12) % 3)
    settings = {name: value for name, value in TINY.items() if name != "quiet"}
    recipes = [gansmith.recipe(name, **settings) for name in ("dcgan", "cdcgan")]
    seen = {recipe.name: assemble(recipe, pixels, labels=labels).rounds.dataset.count for recipe in recipes}
    assert seen == {"dcgan": 12, "cdcgan": 9}
    gan = gansmith.train("cdcgan", data=pixels, labels=labels, steps=1, **TINY)
    assert gan.vocabulary.labels == ("0", "1", "2") and sum(gan.vocabulary.shares) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("limit", [2.0, 0.0])
def test_classes_are_matched_by_name(pixels, limit):
    source = Source("data", resident_limit=limit, workers=0)
    words = ["ant", "bee", "fox"]
    mine = from_memory(pixels, [words[i % 3] for i in range(12)], source)
    other = aligned(mine, ["fox", "cow", "bee", "ant"], (), "the run")
    assert other.label_names == ["fox", "cow", "bee", "ant"]
    assert classes(other) == classes(mine)
    assert other.frequencies.tolist() == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])
    told = "has the label bee, and the run knows ant, fox: classes are matched by name"
    with pytest.raises(GansmithError, match=told):
        aligned(mine, ["ant", "fox"], (), "the run")
    assert aligned(mine, words, (), "the run") is mine


def test_attributes_are_matched_by_name(folder, tmp_path):
    data = open_dataset(Source("digits"))
    turned = aligned(data, (), ["even", "bold"], "the run")
    assert torch.equal(turned.attributes, data.attributes[:, [2, 0]]) and turned.attribute_names == ["even", "bold"]
    with pytest.raises(GansmithError, match="lacks the attribute tall of the run: they are matched by name"):
        aligned(data, (), ["even", "tall"], "the run")


def test_a_run_that_goes_on_with_other_data_finds_its_classes_by_name(tmp_path, pixels):
    """Before, a class was its place among those present: a set without the first one shifted all others."""
    words = np.array(["ant", "bee", "fox"] * 4)
    run = tmp_path / "run"
    gansmith.train("cdcgan", data=pixels, labels=words, steps=1, out=run, **TINY)
    gan = gansmith.resume(run, steps=2, quiet=True, data=pixels[words != "ant"], labels=words[words != "ant"])
    assert gan.vocabulary.labels == ("ant", "bee", "fox") and gan.vocabulary.shares == (0, 0.5, 0.5)
    with pytest.raises(GansmithError, match="has the label cow, and cdcgan knows ant, bee, fox"):
        gansmith.resume(run, steps=3, quiet=True, data=pixels, labels=["cow"] * 12)
