"""Classifier score, class coverage, conditional metrics and Wasserstein distances against closed forms and scipy."""

import math

import pytest
import scipy.stats
import torch

from gansmith.metrics.conditional import intra_class_fid, label_accuracy
from gansmith.metrics.frechet import fid
from gansmith.metrics.modes import class_coverage
from gansmith.metrics.score import classifier_score
from gansmith.metrics.wasserstein import sliced_wasserstein
from gansmith.theory.line import wasserstein_1d


def test_score_between_one_and_the_number_of_classes():
    assert classifier_score(torch.full((20, 5), 0.2)) == pytest.approx(1)  # never sure
    assert classifier_score(torch.eye(5)[torch.zeros(20, dtype=torch.int64)]) == pytest.approx(1)  # always the same
    assert classifier_score(torch.eye(5).repeat(4, 1)) == pytest.approx(5)


def test_score_agrees_with_torch_fidelity(fidelity):
    logits = 2 * torch.randn(200, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    theirs = fidelity("metric_isc").isc_features_to_metric(logits, splits=1, shuffle=False)
    assert classifier_score(logits.softmax(1)) == pytest.approx(theirs["inception_score_mean"], rel=1e-4)


def test_kl_of_classes_and_its_sampling_floor():
    share = torch.tensor([0.5, 0.25, 0.25])
    assert class_coverage(torch.tensor([0, 0, 1, 2]), share) == (3, 0)
    modes, kl = class_coverage(torch.tensor([0, 1, 1, 1]), share)
    assert modes == 2 and kl == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(3))
    fair = torch.randint(1000, (26_000,), generator=torch.Generator().manual_seed(0))
    modes, kl = class_coverage(fair, torch.full((1000,), 1e-3))
    assert modes == 1000 and kl == pytest.approx(0.0196, abs=0.0025)


def test_obedience_and_quality_by_label(clouds):
    found = label_accuracy(torch.tensor([3, 3, 7, 7]), torch.tensor([3, 3, 3, 7]))
    assert found == (0.75, {3: pytest.approx(2 / 3), 7: 1})
    real, fake = clouds
    real_labels, fake_labels = torch.arange(300) % 2, torch.arange(260) % 3
    by_label = intra_class_fid(real, real_labels, fake, fake_labels)
    assert list(by_label) == [0, 1]  # the reals have no label 2
    assert by_label[1] == pytest.approx(fid(real[1::2], fake[1::3]), rel=1e-10)


@pytest.mark.parametrize("counts", [(50, 50), (50, 37), (12, 48)])
def test_wasserstein_on_the_line_against_scipy(counts):
    rng = torch.Generator().manual_seed(0)
    a, b = (torch.randn(n, generator=rng, dtype=torch.float64) * (i + 1) for i, n in enumerate(counts))
    assert wasserstein_1d(a, b) == pytest.approx(scipy.stats.wasserstein_distance(a, b), rel=1e-12)
    assert wasserstein_1d(a, b + 3, p=2) > wasserstein_1d(a, b, p=2)
    repeated = torch.cat([a, a]), torch.cat([b, b, b])
    assert wasserstein_1d(*repeated, p=2) == pytest.approx(wasserstein_1d(a, b, p=2), rel=1e-12)


def test_sliced_with_unequal_counts():
    rng = torch.Generator().manual_seed(0)
    a, b = torch.randn(40, 3, generator=rng), torch.randn(60, 3, generator=rng)
    whole = sliced_wasserstein(a.repeat(3, 1), b.repeat(2, 1))
    assert sliced_wasserstein(a, b) == pytest.approx(whole, rel=1e-9)
    assert sliced_wasserstein(a, b.new_zeros(1, 3)) == pytest.approx(float(a.square().sum(1).mean().sqrt()), rel=0.15)
    with pytest.raises(ValueError, match="one shape"):
        sliced_wasserstein(a, torch.zeros(5, 4))
