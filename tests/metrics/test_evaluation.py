"""All metrics together: what perfection, noise, collapse and memorising look like."""

import os
import warnings
from pathlib import Path

import pytest
import torch

from gansmith.data import Source, open_dataset
from gansmith.data.dataset import REFERENCE_SEED
from gansmith.data.digits import digits
from gansmith.data.images import Resident, to_range
from gansmith.data.toys import grid, normal
from gansmith.errors import GansmithError
from gansmith.metrics import evaluation
from gansmith.metrics.catalogue import METRICS, badness
from gansmith.metrics.evaluation import Evaluator

MNIST = Path(os.environ.get("GANSMITH_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "mnist"


@pytest.fixture(scope="module")
def evaluator():
    return Evaluator(digits(8))


ELSEWHERE = {
    "high_quality",
    "wasserstein",
    "mean_error",
    "sd_error",
    "label_accuracy",
    "intra_fid",
}  # of toys, of the line, of conditional runs


def noise(count, *shape):
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(0)) * 2 - 1


def check_scale(evaluator, shape):
    """Real samples are near perfect, noise is far off, on every figure.

    By how much differs with the classifier, which is learnt anew wherever the tests run.
    """
    real, junk = evaluator.evaluate_real(), evaluator.evaluate(noise(1000, *shape))
    assert set(real.metrics) == set(junk.metrics) == set(METRICS) - ELSEWHERE
    assert real.metrics["fid"] < 0.2 and junk.metrics["fid"] > 30 * real.metrics["fid"]
    assert abs(real.metrics["kid"]) < 4 * real.details["kid_error"] < 0.05 and junk.metrics["kid"] > 0.2
    for name in ("precision", "recall", "density", "coverage"):
        assert real.metrics[name] > 0.9, name
    assert junk.metrics["recall"] < 0.6 and junk.metrics["coverage"] < 0.2 and junk.metrics["density"] < 0.5
    assert real.metrics["score"] > 9 > 6 > junk.metrics["score"]
    assert real.metrics["diversity"] == pytest.approx(1, abs=0.03) and junk.metrics["diversity"] < 0.8
    assert real.metrics["kl"] < 0.02 and junk.metrics["kl"] > 0.25


def test_real_halves_are_near_zero_and_noise_is_huge(evaluator):
    check_scale(evaluator, (1, 8, 8))


@pytest.mark.skipif(not (MNIST / "test.parquet").exists(), reason="skipped, no data: mnist/test.parquet")
def test_the_same_on_mnist():
    data = open_dataset(Source(str(MNIST / "test.parquet"), image_size=32))
    check_scale(Evaluator(data), (1, 32, 32))


@pytest.mark.skipif(not (MNIST / "test.parquet").exists(), reason="skipped, no data: mnist/test.parquet")
def test_stacked_mnist_scores_all_modes_near_the_sampling_floor(monkeypatch):
    monkeypatch.setattr(evaluation, "PAIRS", 500)  # modes are what matters here
    found = Evaluator(open_dataset(Source(f"stacked:{MNIST / 'test.parquet'}"))).evaluate_real(26_000)
    assert found.details["samples"] == 26_000
    assert found.metrics["modes"] == 1000
    assert found.metrics["kl"] == pytest.approx(0.0196, abs=0.004)


def test_collapse_to_one_image(evaluator):
    one = to_range(digits(8).samples[:1]).expand(500, -1, -1, -1)
    found = evaluator.evaluate(one).metrics
    assert found["precision"] == 1 and found["recall"] < 0.01 and found["diversity"] < 1e-6
    assert found["modes"] == 1 and found["score"] == pytest.approx(1) and found["authenticity"] == 0


def test_memorised_images_are_found_with_their_originals(evaluator):
    d = digits(8)
    with pytest.warns(UserWarning, match="FID from 20 samples"):
        found = evaluator.evaluate(to_range(d.samples[40:60]))
    assert found.metrics["authenticity"] == 0
    nearest = [next(d.batches(1, REFERENCE_SEED, int(i), torch.device("cpu"))).x[0] for i in found.copies.nearest]
    assert torch.equal(torch.stack(nearest), to_range(d.samples[40:60]))


def test_stacked_digits_know_their_modes(monkeypatch):
    """26,000 real samples of 1,000 modes whose frequencies are known: KL ≈ 999 / 52,000."""
    monkeypatch.setattr(evaluation, "PAIRS", 500)
    found = Evaluator(open_dataset(Source("stacked:digits"))).evaluate_real(26_000)
    assert found.metrics["modes"] > 995 and found.metrics["kl"] == pytest.approx(0.0196, abs=0.006)
    blind = Evaluator(open_dataset(Source("stacked:digits")), reference=200)
    one_channel = blind.evaluate(to_range(digits(8).samples[:300]).expand(-1, 3, -1, -1)).metrics
    assert one_channel["modes"] <= 15 and one_channel["kl"] > 3.5  # 10 of the modes: log 100 and a little


def test_toys_have_modes_and_the_line_has_an_exact_distance():
    perfect = Evaluator(grid()).evaluate(grid().sample(2500, torch.Generator().manual_seed(0))).metrics
    assert perfect["modes"] == 25 and perfect["high_quality"] == pytest.approx(0.989, abs=0.01)
    assert "authenticity" not in perfect and "score" not in perfect
    shifted = Evaluator(normal()).evaluate(normal(7.0).sample(2500, torch.Generator().manual_seed(0))).metrics
    assert shifted["wasserstein"] == pytest.approx(2, abs=0.1) and shifted["fid"] == pytest.approx(4, abs=0.3)
    wide = Evaluator(normal()).evaluate(3 * normal().sample(2500, torch.Generator().manual_seed(0))).metrics
    assert shifted["mean_error"] == pytest.approx(2, abs=0.1) and shifted["sd_error"] == pytest.approx(0, abs=0.06)
    assert wide["mean_error"] == pytest.approx(10, abs=0.3) and wide["sd_error"] == pytest.approx(2, abs=0.15)
    assert not {"mean_error", "sd_error", "wasserstein"} & set(perfect)


@pytest.mark.parametrize("count", [1, 2, 5, 6, 8])
def test_few_images_leave_out_what_they_cannot_tell(count):
    few = Evaluator(Resident(digits(8).samples[:count], None, [], "few"), "random")
    with warnings.catch_warnings(record=True) as told:
        found = few.evaluate(noise(40, 1, 8, 8)).metrics
    assert ("fid" in found) == ("diversity" in found) == (count > 1)
    assert ("precision" in found) == (count > 5)
    assert [("rank-deficient" in str(w.message)) for w in told] == [True] * (count > 1)


def test_what_figures_depend_on_is_told(evaluator):
    about = evaluator.about()
    assert about["features"] == "classifier" and about["dimensions"] == 64 and about["neighbours"] == 5
    assert "bicubic" in about["resize"] and about["value range"] == "[-1, 1]" and about["images"] == "1x8x8"
    assert about["features accuracy"] > 0.95 and len(about["features hash"]) == 16


def test_badness_orders_every_metric():
    for name, metric in METRICS.items():
        better = {"lower": 0.1, "higher": 0.9, "near 1": 1.05}[metric.better]
        assert badness(name, better) < badness(name, 0.5), name
    with pytest.raises(GansmithError, match="unknown metric 'fidd': did you mean 'fid'"):
        badness("fidd", 1.0)
