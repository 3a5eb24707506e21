"""Labels are measured by name: whatever they are called, wherever they stand among the data's, and in what mix."""

import json
import warnings

import numpy as np
import pytest
import torch
from torch import nn

import gansmith
from gansmith.conditions import Condition
from gansmith.data.digits import digits
from gansmith.data.images import to_range
from gansmith.generators import Prior, TrainedGenerator, Vocabulary
from gansmith.networks import Conditioning
from gansmith.recipes.composition import to_dict
from gansmith.records.journal import read_journal

KINDS = 3  # digits that are classes here
SAMPLES = 400
TINY = {"image_size": 8, "width": 4, "latent": 5, "steps": 4, "batch": 8, "evaluate_samples": SAMPLES}


def images(digit):
    data = digits(8)
    return data.samples[data.labels == digit, 0].numpy()


@pytest.fixture
def labelled(tmp_path):
    """Writes a data set of digits called by names of ours, some of them `rare` times only, and returns its path."""

    def write(called, rare=None, name="data"):
        parts = [images(digit)[: (rare or {}).get(digit)] for digit in called]
        labels = np.concatenate([np.full(len(part), word) for part, word in zip(parts, called.values(), strict=True)])
        path = tmp_path / f"{name}.npz"
        np.savez(path, images=np.concatenate(parts), labels=labels)
        return str(path)

    return write


class Obedient(nn.Module):
    """Shows some real digit of the class that it is asked for."""

    def __init__(self, shown):
        super().__init__()
        self.shown = [to_range(torch.from_numpy(images(digit))[:, None]) for digit in shown]

    def forward(self, z, c):
        rows = (z[:, 0].abs() * 1000).long()
        wanted = Condition(labels=len(self.shown)).split(c).labels.argmax(dim=1).tolist()
        return torch.stack(
            [self.shown[k][row % len(self.shown[k])] for k, row in zip(wanted, rows.tolist(), strict=True)]
        )


def obedient(called, path, shown=None):
    """Return a generator of digits by names of ours, as trained on a file."""
    recipe = to_dict(gansmith.recipe("cdcgan", data=path, image_size=8, latent=2))
    made_by = {"name": "cdcgan", "step": 1, "recipe": recipe}
    words = Vocabulary(tuple(called.values()))
    network = Obedient(shown or called)
    return TrainedGenerator(network, (1, 8, 8), Prior(2), Conditioning("labels"), words, made_by)


def measured(gan, data=None, told=(), **how):
    """Evaluate, and hold the warnings about labels to those expected."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        report = gansmith.evaluate(gan, data=data, samples=SAMPLES, **how)
    of_labels = [str(w.message) for w in caught if "cannot be checked" in str(w.message)]
    assert len(of_labels) == len(told) and all(t in text for t, text in zip(told, of_labels, strict=True)), of_labels
    return report


NUMBERED, LETTERED = dict(enumerate("123")), dict(enumerate("abc"))


def test_numbers_for_names_are_measured_like_letters(labelled):
    """What was asked for as class 1 used to be compared with the class at place 1."""
    found = {}
    for called in (NUMBERED, LETTERED):
        report = measured(obedient(called, labelled(called, name=called[0])))
        assert {f"accuracy of {word}" for word in called.values()} <= set(report.details)
        found[called[0]] = report.metrics
    assert found["1"] == pytest.approx(found["a"], rel=1e-6)
    assert found["1"]["label_accuracy"] > 0.95 and found["1"]["intra_fid"] < 1


def test_who_shows_another_class_is_found_out(labelled):
    """The figures above can be bad."""
    path = labelled(NUMBERED)
    good = measured(obedient(NUMBERED, path)).metrics
    bad = measured(obedient(NUMBERED, path, shown=(1, 2, 0))).metrics
    assert bad["label_accuracy"] < 0.05 and bad["intra_fid"] > 5 * good["intra_fid"]
    assert bad["fid"] == pytest.approx(good["fid"], rel=1)  # the whole looks as good


def test_trained_runs_are_measured_alike_under_either_name(labelled, tmp_path):
    found = []
    for called in (NUMBERED, LETTERED):
        recipe = gansmith.recipe("cdcgan", data=labelled(called, name=called[0]), **TINY, evaluate_every=4)
        gan = gansmith.train(recipe, tmp_path / called[0], quiet=True)
        assert gan.vocabulary.labels == tuple(called.values())
        one = gan.sample(5, labels=[called[2]])
        assert not torch.equal(one, gan.sample(5, labels=[called[1]]))
        found.append((one, measured(gan).metrics, read_journal(gan.run / "journal.jsonl")[-1]))
    assert torch.equal(found[0][0], found[1][0])
    assert {"label_accuracy", "intra_fid"} <= set(found[0][1]) and found[0][1] == pytest.approx(found[1][1], rel=1e-6)
    for name in ("label_accuracy", "intra_fid"):
        assert found[0][2][name] == pytest.approx(found[1][2][name], rel=1e-6)


OTHERS = {
    "lacks the first": ({1: "2", 2: "3"}, "1"),
    "lacks the last": ({0: "1", 1: "2"}, "3"),
    "renames one": ({0: "1", 1: "two", 2: "3"}, "2"),
    "has one more": ({0: "1", 1: "2", 2: "3", 3: "0"}, None),
    "has others between": ({0: "1", 4: "10", 1: "2", 5: "20", 2: "3"}, None),
}


@pytest.mark.parametrize("other", OTHERS)
def test_on_other_data_the_shared_classes_are_measured_and_the_others_named(labelled, other):
    called, strange = OTHERS[other]
    data = labelled(called, name="other")
    told = () if strange is None else (f"label {strange} cannot be checked: ",)
    report = measured(obedient(NUMBERED, labelled(NUMBERED)), data, told)
    shared = {word for word in NUMBERED.values() if word != strange}
    assert {name for name in report.details if name.startswith("accuracy of")} == {f"accuracy of {w}" for w in shared}
    assert report.metrics["label_accuracy"] > 0.9 and report.metrics["intra_fid"] < 2
    assert not any(np.isnan(value) for value in report.metrics.values())


def test_on_data_that_share_no_class_or_have_none_the_rest_is_measured(labelled, tmp_path):
    gan = obedient(NUMBERED, labelled(NUMBERED))
    for data, here in (
        (labelled(LETTERED, name="other"), "other.npz: 542 images"),
        (str(tmp_path / "bare.npz"), "no labels"),
    ):
        if "bare" in data:
            np.savez(data, images=np.concatenate([images(digit) for digit in range(KINDS)]))
        report = measured(gan, data, ("label 1, 2, 3 cannot be checked: ",))
        assert not {"label_accuracy", "intra_fid"} & set(report.metrics) and report.metrics["fid"] < 5, here


def test_a_shared_class_with_one_real_sample_has_no_distance(labelled):
    data = labelled({0: "1", 5: "x", 6: "y"}, rare={0: 1}, name="other")
    report = measured(obedient(NUMBERED, labelled(NUMBERED)), data, ("label 2, 3 cannot be checked: ",), features="raw")
    assert "intra_fid" not in report.metrics and report.metrics["fid"] > 0


SHARES = {0: "often", 1: "seldom"}


@pytest.fixture
def uneven(labelled, tmp_path):
    """A run on classes of 95 and 5 %."""
    data = labelled(SHARES, rare={0: 171, 1: 9})
    recipe = gansmith.recipe("cdcgan", data=data, **TINY, seed=3, features="random", evaluate_every=2)
    return gansmith.train(recipe, tmp_path / "run", quiet=True)


def test_journal_and_report_measure_the_same_mix(uneven):
    entries = {e["step"]: e for e in read_journal(uneven.run / "journal.jsonl") if "fid" in e}
    report = gansmith.evaluate(uneven.run, samples=SAMPLES, seed=3)
    stored = json.loads(report.path.read_text())["metrics"]
    assert stored == report.metrics and list(entries) == [2, 4]
    for name in report.metrics:
        assert entries[4][name] == pytest.approx(stored[name], rel=1e-5, abs=1e-7), name
    best = gansmith.load(uneven.run, generator="best")
    again = gansmith.evaluate(best, samples=SAMPLES, seed=3)
    assert again.metrics["fid"] == pytest.approx(entries[best.step]["fid"], rel=1e-5)
    assert gansmith.evaluate(uneven.run, samples=SAMPLES, seed=4).metrics["fid"] != pytest.approx(stored["fid"], 1e-5)


def test_the_mix_is_that_of_the_data(uneven):
    assert uneven.vocabulary.shares == pytest.approx((0.95, 0.05))
    names = uneven.labels_of(uneven.latents(4000, seed=3))
    assert names.count("seldom") / 4000 == pytest.approx(0.05, abs=0.012)  # 3.5 standard deviations
