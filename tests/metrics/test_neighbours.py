"""Precision, recall, density, coverage, copies and diversity against what is known and other implementations."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.metrics.neighbours import find_copies, pairwise_diversity, support


def cloud(count, spread=1.0, seed=0, dimensions=2):
    return spread * torch.randn(count, dimensions, generator=torch.Generator().manual_seed(seed))


def test_a_tight_cluster_inside_a_wide_cloud_and_the_other_way_round():
    wide, tight = cloud(1000), cloud(1000, 0.05, 1)
    inside = support(wide, tight)
    assert inside.precision > 0.99 and inside.recall < 0.05 and inside.coverage < 0.05
    outside = support(tight, wide)
    assert outside.precision < 0.05 and outside.recall > 0.99 and outside.density < 0.05


def test_samples_of_one_distribution():
    """Naeem et al.: the expected coverage is 1 − (½)^k and the density 1, for equally many samples."""
    found = support(cloud(3000, seed=0), cloud(3000, seed=1))
    assert found.coverage == pytest.approx(1 - 0.5**5, abs=0.01)
    assert found.density == pytest.approx(1, abs=0.03)
    assert 0.9 < found.precision <= 1 and 0.9 < found.recall <= 1


@pytest.mark.parametrize(("dimensions", "near", "authentic"), [(2, 1.0, 0.4), (8, 0.94, 0.6), (64, 0.73, 0.8)])
def test_what_perfect_samples_score_depends_on_dimensions_as_the_docs_say(dimensions, near, authentic):
    real, fake = (cloud(1000, seed=seed, dimensions=dimensions) for seed in (2, 3))
    found = support(real, fake)
    assert (found.precision, found.recall) == pytest.approx((near, near), abs=0.03)
    assert found.coverage == pytest.approx(0.97, abs=0.015)
    assert find_copies(real, fake).authenticity == pytest.approx(authentic, abs=0.05)


@pytest.mark.parametrize("k", [3, 5])
def test_agrees_with_prdc(clouds, k):
    prdc = pytest.importorskip("prdc")
    theirs = prdc.compute_prdc(*(c.numpy() for c in clouds), nearest_k=k)
    assert support(*clouds, k)._asdict() == pytest.approx(theirs, abs=1e-4)


def test_agrees_with_torch_fidelity(fidelity, clouds):
    theirs = fidelity("metric_prc").prc_features_to_metric(
        *reversed(clouds), prc_neighborhood=3, prc_batch_size=64, verbose=False
    )
    found = support(*clouds, 3)
    assert (found.precision, found.recall) == pytest.approx((theirs["precision"], theirs["recall"]), abs=1e-4)


def test_outliers_among_the_fakes_raise_recall_but_not_coverage():
    outliers = torch.tensor([[50.0, 50.0], [-50.0, -50.0]])
    found = support(cloud(500), torch.cat([cloud(498, 0.05, 1), outliers]))
    assert found.recall > 0.9 and found.coverage < 0.1  # the outliers' balls hold everything


def test_copies_are_told_from_new_samples():
    real, fresh = cloud(2000, dimensions=8), cloud(1000, seed=1, dimensions=8)
    assert 0.4 < find_copies(real, fresh).authenticity < 0.65
    chosen = torch.randint(2000, (1000,), generator=torch.Generator().manual_seed(2))
    memorised = find_copies(real, real[chosen] + 1e-3 * fresh)
    assert memorised.authenticity == 0 and torch.equal(memorised.nearest, chosen)
    assert memorised.closeness.max() < 0.1
    assert find_copies(real, fresh + 30).authenticity == 1  # far from everything: new, if nothing else
    mixed = torch.cat([real[:100], fresh[:300] + 30])
    assert find_copies(real, mixed).authenticity == pytest.approx(0.75)


def test_diversity_of_a_gaussian_in_closed_form():
    """E|x − y| of two standard normals on the line is 2/√π; a collapsed generator has none."""
    assert pairwise_diversity(cloud(3000, dimensions=1)) == pytest.approx(2 / torch.pi**0.5, rel=0.02)
    assert pairwise_diversity(torch.ones(10, 3)) == 0


def test_too_few_samples():
    with pytest.raises(GansmithError, match="5 samples have no 5 nearest neighbours: take more"):
        support(cloud(5), cloud(20))
    with pytest.raises(GansmithError, match="at least 2 samples"):
        pairwise_diversity(cloud(1))
