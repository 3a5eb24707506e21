"""Samples that were asked for by labels are compared with the data of the same names."""

import warnings

import pytest
import torch

from gansmith.data.images import Resident, to_range
from gansmith.errors import GansmithError
from gansmith.metrics import evaluation
from gansmith.metrics.evaluation import Evaluator, standard_samples
from gansmith.metrics.features import Seen
from gansmith.metrics.frechet import fid
from gansmith.metrics.kernel import kid

NAMES = ["dark", "middle", "light"]


def shades(count, seed, unknown=0):
    """Return pictures of three shades that come one after another, and which each is; the first are of no class."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 3
    x = labels.float()[:, None, None, None] * 85 + 60 * torch.rand(count, 1, 4, 4, generator=rng)
    labels[:unknown] = -1
    return x.to(torch.uint8), labels


def seen(x):
    """Two features, and classes told by brightness."""
    y = x.flatten(1)
    middle = y.mean(dim=1)
    which = (middle > -0.43).long() + (middle > 0.23)
    return Seen(torch.stack([middle, y[:, :5].mean(dim=1)], dim=1), torch.eye(3)[which])


@pytest.fixture
def evaluator():
    pixels, labels = shades(120, 0, unknown=5)
    return Evaluator(Resident(pixels, labels, NAMES, "shades"), seen)


def test_each_class_is_compared_with_its_own(evaluator):
    pixels, labels = shades(60, 1)
    asked = labels.clone()
    asked[:9] = 2 - asked[:9]  # dark and light are exchanged
    found = evaluator.evaluate(to_range(pixels), [NAMES[i] for i in asked])
    right = (asked == labels).double()
    assert found.metrics["label_accuracy"] == pytest.approx(float(right.mean()))
    for i, name in enumerate(NAMES):
        assert found.details[f"accuracy of {name}"] == pytest.approx(float(right[asked == i].mean()))
    features, of = evaluator.real.features, torch.cat([b.labels for b in evaluation.first(evaluator.dataset, 120)])
    mine = seen(to_range(pixels)).features
    expected = [fid(features[of == i], mine[asked == i]) for i in range(3)]
    assert found.metrics["intra_fid"] == pytest.approx(sum(expected) / 3, rel=1e-9)
    obedient = evaluator.evaluate(to_range(pixels), [NAMES[i] for i in labels])
    assert obedient.metrics["label_accuracy"] == 1 and obedient.metrics["intra_fid"] < 0.1 * sum(expected) / 3
    assert {
        k: v for k, v in obedient.metrics.items() if k not in ("label_accuracy", "intra_fid")
    } == evaluator.evaluate(to_range(pixels)).metrics


def test_labels_that_the_data_do_not_have_are_left_out_and_told(evaluator):
    pixels, labels = shades(60, 1)
    names = [NAMES[i] for i in labels]
    with pytest.warns(UserWarning, match="label red cannot be checked: shades has dark, middle, light"):
        some = evaluator.evaluate(to_range(pixels), ["red" if i % 2 else name for i, name in enumerate(names)])
    half = evaluator.evaluate(to_range(pixels[::2]), names[::2]).metrics
    assert some.metrics["label_accuracy"] == 1 and some.metrics["intra_fid"] == pytest.approx(half["intra_fid"])
    with pytest.warns(UserWarning, match="label blue, red cannot be checked"):
        none = evaluator.evaluate(to_range(pixels), ["red", "blue"] * 30)
    assert not {"label_accuracy", "intra_fid"} & set(none.metrics)
    unlabelled = Evaluator(Resident(shades(120, 0)[0], None, [], "gray"), seen)
    with pytest.warns(UserWarning, match="gray has no labels"):
        assert "label_accuracy" not in unlabelled.evaluate(to_range(pixels), names).metrics


def test_classes_of_too_few_samples_have_no_distance(evaluator):
    """As many as there are features, and the covariance has no full rank; one more, and it has."""
    pixels, labels = shades(9, 1)
    names = [NAMES[i] for i in labels]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "intra_fid" in evaluator.evaluate(to_range(pixels), names).metrics
        fewer = evaluator.evaluate(to_range(pixels[:8]), names[:8])
    assert "intra_fid" not in fewer.metrics and fewer.metrics["label_accuracy"] == 1


def test_a_classifier_of_other_classes_tells_nothing_of_obedience():
    pixels, labels = shades(120, 0)
    two = Evaluator(
        Resident(pixels, labels, NAMES, "shades"), lambda x: Seen(seen(x).features, seen(x).probabilities[:, :2])
    )
    found = two.evaluate(to_range(shades(60, 1)[0]), [NAMES[i % 3] for i in range(60)]).metrics
    assert "label_accuracy" not in found and "intra_fid" in found and "modes" not in found and "score" in found


def test_real_samples_are_measured_against_the_others(evaluator):
    features = evaluator.real.features
    for asked, cut in ((30, 30), (60, 60), (100, 60), (None, 60)):  # half of 120 at most
        found = evaluator.evaluate_real(asked)
        assert found.details["samples"] == cut and found.details["reference"] == 120 - cut
        assert found.metrics["fid"] == pytest.approx(fid(features[cut:], features[:cut]), rel=1e-9)
    assert evaluator.evaluate_real(60) is evaluator.evaluate_real(None)


def test_as_many_real_samples_as_are_asked_for_are_looked_at():
    pixels, labels = shades(120, 0)
    data = Resident(pixels, labels, NAMES, "shades")
    assert [len(Evaluator(data, seen, reference=n).real.features) for n in (None, 50, 500)] == [120, 50, 120]
    assert standard_samples(data) == 10_000


def test_pairs_and_pieces(evaluator, monkeypatch):
    """Distances of pairs are looked at up to a number of either side; samples may come in pieces of any size."""
    fake = to_range(shades(90, 3)[0])
    whole = evaluator.evaluate(fake)
    assert evaluator.evaluate(fake.split(7)).metrics == pytest.approx(whole.metrics, rel=1e-6)
    monkeypatch.setattr(evaluation, "PAIRS", 40)
    some = evaluator.evaluate(fake)
    real, mine = evaluator.real.features, seen(fake).features
    assert (some.metrics["kid"], some.details["kid_error"]) == pytest.approx(kid(real[:40], mine[:40]), rel=1e-9)
    assert some.metrics["fid"] == whole.metrics["fid"] and some.metrics["precision"] != whole.metrics["precision"]


def test_samples_of_other_features_are_one_line(evaluator):
    evaluator.real  # noqa: B018 - it is computed when asked for
    evaluator.features.__dict__["network"] = lambda x: x.flatten(1)
    with pytest.raises(GansmithError, match="samples have 16 features and real ones 2"):
        evaluator.evaluate(to_range(shades(9, 1)[0]))
