"""No metric depends on how its samples are cut into minibatches, or on their order."""

from functools import partial

import pytest
import torch

from gansmith.metrics.accumulators import Moments, Pooled
from gansmith.metrics.conditional import IntraClassFID, LabelAccuracy, intra_class_fid, label_accuracy, moments_by_label
from gansmith.metrics.first_two import moment_errors
from gansmith.metrics.frechet import FID, fid, fid_infinity
from gansmith.metrics.kernel import kid
from gansmith.metrics.modes import ClassCoverage, ModeCoverage, class_coverage, mode_coverage
from gansmith.metrics.neighbours import find_copies, pairwise_diversity, support
from gansmith.metrics.score import ClassifierScore, classifier_score
from gansmith.metrics.wasserstein import sliced_wasserstein
from gansmith.theory.line import wasserstein_1d

RNG = torch.Generator().manual_seed(0)
REAL, FAKE = torch.randn(90, 4, generator=RNG), torch.randn(101, 4, generator=RNG) * 1.3 + 0.2
P = torch.softmax(3 * torch.randn(101, 7, generator=RNG), dim=1)
LABELS = torch.randint(3, (101,), generator=RNG)
REAL_LABELS = torch.arange(90) % 3
CENTRES, SHARE = torch.eye(4), torch.full((7,), 1 / 7)
MOMENTS = Moments().update(REAL)


def pooled(metric):
    return metric, partial(Pooled, metric), (FAKE,)


METRICS = {
    "fid": (partial(fid, REAL), partial(FID, MOMENTS), (FAKE,)),
    "fid_infinity": pooled(partial(fid_infinity, MOMENTS)),
    "kid": pooled(partial(kid, REAL)),
    "support": pooled(partial(support, REAL)),
    "authenticity": pooled(lambda fake: find_copies(REAL, fake).authenticity),
    "diversity": pooled(pairwise_diversity),
    "moment errors": (
        lambda fake: moment_errors(MOMENTS, Moments().update(fake)),
        lambda: _Joined(lambda fake: moment_errors(MOMENTS, fake)),
        (FAKE,),
    ),
    "sliced": pooled(partial(sliced_wasserstein, REAL)),
    "wasserstein": pooled(lambda fake: wasserstein_1d(REAL[:, 0], fake[:, 0])),
    "score": (classifier_score, ClassifierScore, (P,)),
    "classes": (lambda p: class_coverage(p.argmax(1), SHARE), lambda: _Argmax(ClassCoverage(SHARE)), (P,)),
    "modes": (lambda x: mode_coverage(x, CENTRES, 0.4), partial(ModeCoverage, CENTRES, 0.4), (FAKE,)),
    "accuracy": (label_accuracy, LabelAccuracy, (P.argmax(1) % 3, LABELS)),
    "intra fid": (
        partial(intra_class_fid, REAL, REAL_LABELS),
        partial(IntraClassFID, moments_by_label(REAL, REAL_LABELS)),
        (FAKE, LABELS),
    ),
}


class _Joined(Moments):
    def __init__(self, metric):
        super().__init__()
        self.metric = metric

    def compute(self):
        return self.metric(self)


class _Argmax:
    def __init__(self, stream):
        self.stream = stream

    def update(self, p):
        self.stream.update(p.argmax(1))
        return self

    def compute(self):
        return self.stream.compute()


def numbers(found):
    """Return whatever a metric gave as a flat list of numbers."""
    if isinstance(found, dict):
        return [n for key in sorted(found) for n in numbers(found[key])]
    return [n for part in found for n in numbers(part)] if isinstance(found, tuple) else [float(found)]


@pytest.mark.parametrize("size", [1, 7, 50, 1000])
@pytest.mark.parametrize("name", METRICS)
def test_minibatches_do_not_matter(name, size):
    function, build, inputs = METRICS[name]
    stream = build()
    for parts in zip(*(x.split(size) for x in inputs), strict=True):
        stream.update(*parts)
    assert numbers(stream.compute()) == pytest.approx(numbers(function(*inputs)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", METRICS)
def test_order_does_not_matter(name):
    function, _, inputs = METRICS[name]
    order = torch.randperm(101, generator=torch.Generator().manual_seed(3))
    assert numbers(function(*(x[order] for x in inputs))) == pytest.approx(numbers(function(*inputs)), rel=1e-7)


@pytest.mark.parametrize("name", [n for n in METRICS if n not in ("modes", "accuracy")])
def test_samples_do_matter(name):
    function, _, inputs = METRICS[name]
    assert numbers(function(*(x[:50] for x in inputs))) != pytest.approx(numbers(function(*inputs)), rel=1e-3)


def test_of_no_samples_there_is_no_number():
    """And none more after minibatches of none."""
    empty = Moments()
    assert empty.count == 0 and empty.mean.shape == (0,) and empty.covariance.shape == (0, 0)
    assert empty.update(torch.zeros(0, 4)).mean.shape == (0,)
    some = Moments().update(REAL).update(REAL[:0])
    assert some.count == 90 and torch.equal(some.covariance, MOMENTS.covariance)


def test_known_moments_are_those_of_endlessly_many_samples():
    known = Moments.known(MOMENTS.mean, MOMENTS.covariance)
    torch.testing.assert_close(known.covariance, MOMENTS.covariance, rtol=1e-12, atol=0)
    more = Moments.known(MOMENTS.mean, MOMENTS.covariance).update(FAKE)  # which they drown
    torch.testing.assert_close(more.mean, MOMENTS.mean, rtol=1e-12, atol=1e-12)
    assert fid_infinity(known, FAKE) == pytest.approx(fid_infinity(MOMENTS, FAKE))
